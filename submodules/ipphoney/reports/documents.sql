-- title: Documents
-- question: What is to be printed?
-- column: sha256 = SHA-256 of the document
-- column: filesize = its bytes
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT sha256, filesize, count() AS times, uniqExact(attacker_ip) AS sources
FROM ipphoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND sha256 != ''
GROUP BY sha256, filesize
ORDER BY times DESC, sha256, filesize
LIMIT 100
