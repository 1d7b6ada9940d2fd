-- title: Detectors
-- question: Which detectors tell?
-- column: node_name = detector
-- column: messages = messages
-- column: sources = different addresses
-- chart: bar node_name messages
SELECT node_name, count() AS messages, uniqExact(attacker_ip) AS sources
FROM idea_messages
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(Category)
GROUP BY node_name
ORDER BY messages DESC, node_name
LIMIT 100
