-- title: Messages
-- question: What does Dicompot tell, and how grave does it take it?
-- column: level = level of the line
-- column: msg = what happened
-- column: lines = lines
-- column: sources = different addresses
-- chart: table
SELECT level, msg, count() AS lines, uniqExact(attacker_ip) AS sources
FROM dicompot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY level, msg
ORDER BY lines DESC, level, msg
LIMIT 100
