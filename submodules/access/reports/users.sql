-- title: Users
-- question: Under which names do clients log in?
-- column: user = name by which the client logged in
-- column: status = status that was answered
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT user, status, count() AS requests, uniqExact(attacker_ip) AS sources
FROM access_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND user NOT IN ('', '-')
GROUP BY user, status
ORDER BY requests DESC, user, status
LIMIT 100
