-- title: Downloads
-- question: Which files came?
-- column: link = where from
-- column: sha256 = SHA-256 of the file
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT link, sha256, count() AS times, uniqExact(attacker_ip) AS sources
FROM honssh_session
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'Downloaded'
GROUP BY link, sha256
ORDER BY times DESC, link, sha256
LIMIT 100
