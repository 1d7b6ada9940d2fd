-- title: Outcomes
-- question: How do visits end? FINISH is a client that left, END_ON_ERR one whose connection broke.
-- column: message = what happened
-- column: lines = lines
-- column: sources = different addresses
-- chart: bar message lines
SELECT message, count() AS lines, uniqExact(attacker_ip) AS sources
FROM hellpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND message != '' AND REMOTE_ADDR != ''
GROUP BY message
ORDER BY lines DESC, message
LIMIT 100
