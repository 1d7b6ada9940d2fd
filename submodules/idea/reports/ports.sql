-- title: Ports
-- question: Which ports are the targets?
-- column: target_port = port of the target
-- column: messages = messages
-- column: sources = different addresses
-- chart: bar target_port messages
SELECT target_port, count() AS messages, uniqExact(attacker_ip) AS sources
FROM idea_messages
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND target_port != 0
GROUP BY target_port
ORDER BY messages DESC, target_port
LIMIT 100
