-- title: Connections per week
-- question: How much is the honeypot contacted, week by week? A peak with few sources is one that tries many log-ins.
-- column: week = Monday of the week, in UTC
-- column: sessions = connections
-- column: sources = different addresses
-- chart: line week sessions sources
SELECT toMonday(detect_ts) AS week, uniqExact(id) AS sessions, uniqExact(attacker_ip) AS sources
FROM kippo_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY week
ORDER BY week
LIMIT 10000
