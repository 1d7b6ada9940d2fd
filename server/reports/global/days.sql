-- title: Events and sources by day
-- question: Which days were busy, and was it many sources or few loud ones?
-- group: Over time
-- column: day = day, UTC
-- column: events = events on it
-- column: sources = different addresses on it
-- chart: line day events sources
SELECT day, sum(counted) AS events, uniqExact(source) AS sources
FROM (SELECT value.1 AS day, value.2 AS source, events AS counted FROM ({{count day attacker_ip}}))
GROUP BY day
ORDER BY day
LIMIT 4000
