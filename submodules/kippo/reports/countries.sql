-- title: Connections per country
-- question: Where do they come from? One country with one source is a single machine, not a wave.
-- column: country = country of the address, empty where unknown
-- column: sessions = connections
-- column: sources = different addresses
-- link: country=attacker_country
-- chart: map country sessions
SELECT attacker_country AS country, uniqExact(id) AS sessions, uniqExact(attacker_ip) AS sources
FROM kippo_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY country
ORDER BY sessions DESC, country
LIMIT 300
