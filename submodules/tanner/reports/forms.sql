-- title: Forms
-- question: Which forms are sent, and to where?
-- column: path = path that was asked for
-- column: post_data = fields of the form
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT path, toString(post_data) AS post_data, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(post_data)
GROUP BY path, post_data
ORDER BY requests DESC, path, post_data
LIMIT 100
