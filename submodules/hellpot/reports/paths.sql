-- title: Paths
-- question: Which paths are asked for?
-- column: URL = path that was asked for
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar URL requests
SELECT URL, count() AS requests, uniqExact(attacker_ip) AS sources
FROM hellpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND message = 'NEW'
GROUP BY URL
ORDER BY requests DESC, URL
LIMIT 100
