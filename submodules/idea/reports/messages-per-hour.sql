-- title: Messages per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: messages = messages
-- column: sources = different addresses
-- chart: line hour messages sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS messages, uniqExact(attacker_ip) AS sources
FROM idea_messages
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(Category)
GROUP BY hour
ORDER BY hour
LIMIT 10000
