-- title: User agents
-- question: What do the clients call themselves?
-- column: userAgent = user agent
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar userAgent requests
SELECT userAgent, count() AS requests, uniqExact(attacker_ip) AS sources
FROM galah_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY userAgent
ORDER BY requests DESC, userAgent
LIMIT 100
