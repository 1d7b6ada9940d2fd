-- title: HTTP requests
-- question: What is asked for by HTTP?
-- column: http_requestMethod = method of the request
-- column: http_requestFullURI = URL of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT http_requestMethod, http_requestFullURI, count() AS requests, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND http_requestFullURI != ''
GROUP BY http_requestMethod, http_requestFullURI
ORDER BY requests DESC, http_requestMethod, http_requestFullURI
LIMIT 100
