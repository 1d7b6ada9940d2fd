-- title: Messages
-- question: What does Glutton tell?
-- column: handler = part of Glutton that spoke
-- column: msg = what happened
-- column: lines = lines
-- column: sources = different addresses
-- chart: table
SELECT handler, msg, count() AS lines, uniqExact(attacker_ip) AS sources
FROM glutton_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND msg != ''
GROUP BY handler, msg
ORDER BY lines DESC, handler, msg
LIMIT 100
