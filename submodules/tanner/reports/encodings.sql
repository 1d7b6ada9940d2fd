-- title: Encodings
-- question: Which encodings do clients take?
-- column: accept_encoding = Accept-Encoding of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar accept_encoding requests
SELECT headers['accept-encoding'] AS accept_encoding, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND headers['accept-encoding'] != ''
GROUP BY accept_encoding
ORDER BY requests DESC, accept_encoding
LIMIT 100
