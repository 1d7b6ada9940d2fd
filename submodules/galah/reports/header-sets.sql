-- title: Sets of headers
-- question: Which clients send the same headers? One hash from many sources is one tool.
-- column: headersSortedSha256 = SHA-256 of the names of the headers
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar headersSortedSha256 requests
SELECT headersSortedSha256, count() AS requests, uniqExact(attacker_ip) AS sources
FROM galah_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY headersSortedSha256
ORDER BY requests DESC, headersSortedSha256
LIMIT 100
