-- title: Ports
-- question: Which ports are contacted?
-- column: destination_port = the honeypot's port
-- column: sessions = sessions
-- column: sources = different addresses
-- chart: bar destination_port sessions
SELECT destination_port, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM mhn_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND destination_port != 0
GROUP BY destination_port
ORDER BY sessions DESC, destination_port
LIMIT 100
