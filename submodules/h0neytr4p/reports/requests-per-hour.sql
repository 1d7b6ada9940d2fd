-- title: Requests per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: requests = requests
-- column: sources = different addresses
-- chart: line hour requests sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY hour
ORDER BY hour
LIMIT 10000
