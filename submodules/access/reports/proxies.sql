-- title: As a proxy
-- question: Whom is the server to reach for others?
-- column: path = address that was asked for
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar path requests
SELECT path, count() AS requests, uniqExact(attacker_ip) AS sources
FROM access_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (method = 'CONNECT' OR match(path, '^(?i)https?://'))
GROUP BY path
ORDER BY requests DESC, path
LIMIT 100
