-- title: Analyses per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: analyses = analyses
-- column: sources = different addresses
-- chart: line hour analyses sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS analyses, uniqExact(attacker_ip) AS sources
FROM thug_analyses
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND url != ''
GROUP BY hour
ORDER BY hour
LIMIT 10000
