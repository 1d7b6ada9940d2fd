-- title: Languages
-- question: Which languages do clients ask for?
-- column: accept_language = Accept-Language of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar accept_language requests
SELECT headers['accept-language'] AS accept_language, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND headers['accept-language'] != ''
GROUP BY accept_language
ORDER BY requests DESC, accept_language
LIMIT 100
