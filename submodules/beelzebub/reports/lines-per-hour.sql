-- title: Lines per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: lines = log-ins, commands, requests
-- column: sources = different addresses
-- chart: line hour lines sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS lines, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Protocol != '' AND Status != 'End'
GROUP BY hour
ORDER BY hour
LIMIT 10000
