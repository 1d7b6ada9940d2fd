-- title: Connections per day
-- question: How much is the honeypot contacted, day by day? A peak with few sources is one that tries many log-ins.
-- column: day = day in UTC
-- column: sessions = connections
-- column: sources = different addresses
-- chart: line day sessions sources
SELECT toDate(detect_ts) AS day, uniqExact(id) AS sessions, uniqExact(attacker_ip) AS sources
FROM kippo_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY day
ORDER BY day
LIMIT 10000
