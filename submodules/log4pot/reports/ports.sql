-- title: Ports
-- question: Which ports are asked?
-- column: server_port = the honeypot's port
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar server_port requests
SELECT server_port, count() AS requests, uniqExact(attacker_ip) AS sources
FROM log4pot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND type = 'request'
GROUP BY server_port
ORDER BY requests DESC, server_port
LIMIT 100
