-- title: Print jobs
-- question: What is to be printed?
-- column: payload_sha256 = SHA-256 of the job
-- column: size = its bytes
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT payload_sha256, size, count() AS times, uniqExact(attacker_ip) AS sources
FROM miniprint_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND startsWith(event_, 'save_') AND payload_sha256 != ''
GROUP BY payload_sha256, size
ORDER BY times DESC, payload_sha256, size
LIMIT 100
