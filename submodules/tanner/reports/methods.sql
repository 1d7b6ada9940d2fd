-- title: Methods
-- question: By which methods is asked?
-- column: method = method of the request
-- column: status = status that was answered
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT method, status, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND method != ''
GROUP BY method, status
ORDER BY requests DESC, method, status
LIMIT 100
