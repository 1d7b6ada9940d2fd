-- title: Connections per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: connections = connections
-- column: sources = different addresses
-- chart: line hour connections sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS connections, uniqExact(attacker_ip) AS sources
FROM miniprint_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_ IN ('connection', 'empty_connection')
GROUP BY hour
ORDER BY hour
LIMIT 10000
