-- title: URLs
-- question: What is asked for?
-- column: url = path that was asked for
-- column: request = method
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT url, request, count() AS requests, uniqExact(attacker_ip) AS sources
FROM elasticpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY url, request
ORDER BY requests DESC, url, request
LIMIT 100
