-- title: Connections per day
-- question: How much is the honeypot contacted, day by day? A peak with few sources is one that tries many log-ins.
-- column: day = day in UTC
-- column: connections = connections
-- column: sources = different addresses
-- chart: line day connections sources
SELECT toDate(detect_ts) AS day, count() AS connections, uniqExact(attacker_ip) AS sources
FROM ({{use connections}})
GROUP BY day
ORDER BY day
LIMIT 10000
