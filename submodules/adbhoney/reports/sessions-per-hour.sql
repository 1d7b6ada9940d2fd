-- title: Sessions per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: sessions = connections
-- column: sources = different addresses
-- chart: line hour sessions sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM adbhoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'adbhoney.session.connect'
GROUP BY hour
ORDER BY hour
LIMIT 10000
