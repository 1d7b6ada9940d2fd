-- title: Connections per network
-- question: Which autonomous systems do they come from? Few sources with many connections are hired machines; many sources with few are a botnet.
-- column: attacker_asn = number of the autonomous system, 0 where unknown
-- column: connections = connections
-- column: sources = different addresses
-- chart: bar attacker_asn connections
SELECT attacker_asn, count() AS connections, uniqExact(attacker_ip) AS sources
FROM ({{use connections}})
GROUP BY attacker_asn
ORDER BY connections DESC, attacker_asn
LIMIT 100
