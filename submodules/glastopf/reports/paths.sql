-- title: Paths
-- question: Which paths are asked for?
-- column: path = path that was asked for
-- column: method = method of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT path, method, count() AS requests, uniqExact(attacker_ip) AS sources
FROM glastopf_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND method != ''
GROUP BY path, method
ORDER BY requests DESC, path, method
LIMIT 100
