-- title: Connections per network
-- question: Which autonomous systems do they come from? Few sources with many connections are hired machines; many sources with few are a botnet.
-- column: attacker_asn = number of the autonomous system, 0 where unknown
-- column: sessions = connections
-- column: sources = different addresses
-- chart: bar attacker_asn sessions
SELECT attacker_asn, uniqExact(id) AS sessions, uniqExact(attacker_ip) AS sources
FROM kippo_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY attacker_asn
ORDER BY sessions DESC, attacker_asn
LIMIT 100
