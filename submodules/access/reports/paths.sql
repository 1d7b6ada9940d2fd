-- title: Paths
-- question: Which paths are asked for?
-- column: path = path that was asked for, cut to 200 characters
-- column: status = status that was answered
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT substringUTF8(path, 1, 200) AS path, status, count() AS requests, uniqExact(attacker_ip) AS sources
FROM access_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND status != 0
GROUP BY path, status
ORDER BY requests DESC, path, status
LIMIT 100
