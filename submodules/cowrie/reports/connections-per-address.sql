-- title: Connections per address
-- question: Who comes most often? Compare with the log-ins: an address with none only looks.
-- column: address = the attacker's address
-- column: country = its country when it came last
-- column: connections = connections
-- column: first = first connection
-- column: last = last connection
-- link: address=attacker_ip country=attacker_country
-- chart: bar address connections
SELECT attacker_ip AS address, argMax(attacker_country, (detect_ts, attacker_country)) AS country, count() AS connections, min(detect_ts) AS first, max(detect_ts) AS last
FROM ({{use connections}})
GROUP BY address
ORDER BY connections DESC, address
LIMIT 100
