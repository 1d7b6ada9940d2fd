-- title: Countries
-- question: Where do connections and addresses come from? Many connections from few addresses are single machines, not a wave.
-- column: country = country at the time, empty where unknown
-- column: connections = connections to the honeypot, first datagrams for udp
-- column: sources = different addresses
-- link: country=attacker_country
-- chart: map country sources
SELECT attacker_country AS country, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dionaea_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND (connection_type IN ('accept', 'reject', 'pending') OR connection_transport = 'udp')
GROUP BY country
ORDER BY connections DESC, country
LIMIT 300
