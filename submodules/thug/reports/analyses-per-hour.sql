-- title: Analyses per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: analyses = analyses
-- column: sources = different addresses
-- chart: line hour analyses sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS analyses, uniqExact(attacker_ip) AS sources
FROM ({{use analyses}})
WHERE url != ''
GROUP BY hour
ORDER BY hour
LIMIT 10000
