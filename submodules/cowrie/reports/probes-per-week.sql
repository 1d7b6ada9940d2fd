-- title: Connections per week
-- question: How much is the honeypot contacted, week by week? A peak with few sources is one that tries many log-ins.
-- column: week = Monday of the week, in UTC
-- column: connections = connections
-- column: sources = different addresses
-- chart: line week connections sources
SELECT toMonday(detect_ts) AS week, count() AS connections, uniqExact(attacker_ip) AS sources
FROM ({{use connections}})
GROUP BY week
ORDER BY week
LIMIT 10000
