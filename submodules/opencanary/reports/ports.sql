-- title: Ports
-- question: Which ports are knocked at, by services and by the firewall's log?
-- column: port = the honeypot's port
-- column: lines = lines about it
-- column: sources = different addresses
-- chart: bar port lines
SELECT dst_port AS port, count() AS lines, uniqExact(attacker_ip) AS sources
FROM opencanary_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND dst_port > 0
GROUP BY port
ORDER BY lines DESC, port
LIMIT 100
