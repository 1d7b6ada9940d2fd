-- title: Lines per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: lines = lines that tell of an attacker
-- column: sources = different addresses
-- chart: line hour lines sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS lines, uniqExact(attacker_ip) AS sources
FROM glutton_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND src_ip != ''
GROUP BY hour
ORDER BY hour
LIMIT 10000
