-- title: Methods
-- question: By which methods is asked, and what comes of it?
-- column: method = method of the request
-- column: status = status that was answered
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT method, status, count() AS requests, uniqExact(attacker_ip) AS sources
FROM access_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND status != 0
GROUP BY method, status
ORDER BY requests DESC, method, status
LIMIT 100
