-- title: Outgoing connections
-- question: Whom does the honeypot connect to? A honeypot that begins connections is being used.
-- column: remote_ip = address of the other side
-- column: remote_port = its port
-- column: transport = tcp or udp
-- column: connections = connections that were opened
-- column: last_seen = the newest
-- chart: table
SELECT remote_ip, remote_port, transport, count() AS connections, max(detect_ts) AS last_seen
FROM host_network_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'opened' AND direction = 'outbound'
GROUP BY remote_ip, remote_port, transport
ORDER BY connections DESC, remote_ip, remote_port, transport
LIMIT 100
