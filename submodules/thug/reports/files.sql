-- title: Files
-- question: Which files came?
-- column: md5 = MD5 of the file
-- column: type = what it is
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT arrayJoin(files).md5 AS md5, arrayJoin(files).type AS type, count() AS times, uniqExact(attacker_ip) AS sources
FROM thug_analyses
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(files)
GROUP BY md5, type
ORDER BY times DESC, md5, type
LIMIT 100
