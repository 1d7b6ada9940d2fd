-- title: Requests
-- question: Which pages are asked for?
-- column: RequestURI = path that was asked for
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar RequestURI requests
SELECT RequestURI, count() AS requests, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND RequestURI != ''
GROUP BY RequestURI
ORDER BY requests DESC, RequestURI
LIMIT 100
