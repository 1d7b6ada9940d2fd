-- title: Files
-- question: Which files came?
-- column: sha256 = SHA-256 of the file
-- column: filename = where the attacker put it
-- column: url = where it was fetched from
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT shasum AS sha256, filename, src_url AS url, count() AS times, uniqExact(attacker_ip) AS sources
FROM adbhoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND shasum != ''
GROUP BY sha256, filename, url
ORDER BY times DESC, sha256, filename, url
LIMIT 100
