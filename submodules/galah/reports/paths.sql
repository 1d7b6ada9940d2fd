-- title: Paths
-- question: Which paths are asked for?
-- column: request = path that was asked for
-- column: method = method of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT request, method, count() AS requests, uniqExact(attacker_ip) AS sources
FROM galah_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY request, method
ORDER BY requests DESC, request, method
LIMIT 100
