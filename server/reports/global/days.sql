-- title: Events and sources by day
-- question: Which days were busy, and was it many sources or few loud ones?
-- group: Over time
-- column: day = day, UTC
-- column: events = events on it
-- column: sources = different addresses on it
-- chart: line day events sources
SELECT day, sum(events) AS events, uniqExact(attacker_ip) AS sources
FROM ({{rows day attacker_ip}})
GROUP BY day
ORDER BY day
LIMIT 4000
