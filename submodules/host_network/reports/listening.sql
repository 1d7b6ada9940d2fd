-- title: Ports that are listened on
-- question: Which ports were opened? One that you did not open is an attacker's.
-- column: local_port = the port
-- column: transport = tcp or udp
-- column: times = how often it was opened
-- column: first_seen = the first time
-- chart: table
SELECT local_port, transport, count() AS times, min(detect_ts) AS first_seen
FROM host_network_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'listening'
GROUP BY local_port, transport
ORDER BY first_seen DESC, local_port, transport
LIMIT 100
