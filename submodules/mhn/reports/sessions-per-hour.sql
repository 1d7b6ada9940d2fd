-- title: Sessions per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: sessions = sessions
-- column: sources = different addresses
-- chart: line hour sessions sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM mhn_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY hour
ORDER BY hour
LIMIT 10000
