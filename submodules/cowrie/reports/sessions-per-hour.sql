-- title: Sessions per hour
-- question: When is the honeypot visited? An hour without any session is an outage more often than peace.
-- column: hour = hour in UTC
-- column: sessions = sessions that began
-- column: sources = different addresses
-- chart: line hour sessions sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use connections}})
GROUP BY hour
ORDER BY hour
LIMIT 10000
