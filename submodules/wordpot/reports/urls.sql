-- title: URLs
-- question: What is asked for?
-- column: method = method of the request
-- column: url = URL that was asked for
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT method, url, count() AS requests, uniqExact(attacker_ip) AS sources
FROM wordpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND url != ''
GROUP BY method, url
ORDER BY requests DESC, method, url
LIMIT 100
