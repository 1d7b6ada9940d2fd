-- title: Sources
-- question: Who speaks to it?
-- column: remote_ip = the attacker's address
-- column: attacks = connections
-- column: sources = different addresses
-- chart: bar remote_ip attacks
SELECT attack_remote_ip AS remote_ip, count() AS attacks, uniqExact(attacker_ip) AS sources
FROM honeytrap_attackers
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT is_virtual
GROUP BY remote_ip
ORDER BY attacks DESC, remote_ip
LIMIT 100
