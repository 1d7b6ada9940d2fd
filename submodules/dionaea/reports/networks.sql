-- title: Networks
-- question: Which autonomous systems do they come from? Few sources with many connections are hired machines; many with few are infected ones.
-- column: attacker_asn = number of the autonomous system, 0 where unknown
-- column: connections = connections to the honeypot, first datagrams for udp
-- column: sources = different addresses
-- chart: bar attacker_asn connections
SELECT attacker_asn, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dionaea_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND (connection_type IN ('accept', 'reject', 'pending') OR connection_transport = 'udp')
GROUP BY attacker_asn
ORDER BY connections DESC, attacker_asn
LIMIT 100
