-- title: Sources
-- question: Who asks?
-- column: source_ip = the attacker's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar source_ip requests
SELECT replaceRegexpOne(written.source_ip, '^(?:([0-9.]+)|\\[(.*)\\]):[0-9]+$', '\\1\\2') AS source_ip, count() AS requests, uniqExact(attacker_ip) AS sources
FROM sentrypeer_json AS written
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND source_ip != ''
GROUP BY source_ip
ORDER BY requests DESC, source_ip
LIMIT 100
