-- title: Connections per country
-- question: Where do they come from? One country with one source is a single machine, not a wave.
-- column: country = country of the address, empty where unknown
-- column: connections = connections
-- column: sources = different addresses
-- link: country=attacker_country
-- chart: map country connections
SELECT attacker_country AS country, count() AS connections, uniqExact(attacker_ip) AS sources
FROM ({{use connections}})
GROUP BY country
ORDER BY connections DESC, country
LIMIT 300
