-- title: Ports
-- question: Which ports are spoken to?
-- column: dest_port = the honeypot's port
-- column: lines = lines that tell of it
-- column: sources = different addresses
-- chart: bar dest_port lines
SELECT dest_port, count() AS lines, uniqExact(attacker_ip) AS sources
FROM glutton_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND src_ip != ''
GROUP BY dest_port
ORDER BY lines DESC, dest_port
LIMIT 100
