-- title: Ports
-- question: Which ports are spoken to? Honeytrap answers on every port that nothing else has.
-- column: port = the honeypot's port
-- column: attacks = connections to it
-- column: sources = different addresses
-- chart: bar port attacks
SELECT attack_local_port AS port, count() AS attacks, uniqExact(attacker_ip) AS sources
FROM honeytrap_attackers
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT is_virtual
GROUP BY port
ORDER BY attacks DESC, port
LIMIT 100
