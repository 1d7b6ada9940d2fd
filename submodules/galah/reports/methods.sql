-- title: Methods
-- question: By which methods is asked?
-- column: method = method of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar method requests
SELECT method, count() AS requests, uniqExact(attacker_ip) AS sources
FROM galah_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND method != ''
GROUP BY method
ORDER BY requests DESC, method
LIMIT 100
