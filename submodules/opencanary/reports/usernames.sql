-- title: Top user names
-- question: Which user names are tried most?
-- column: username = the name that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses
-- chart: bar username attempts
SELECT if(logdata['USERNAME'] != '', logdata['USERNAME'], logdata['UserName']) AS username, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM opencanary_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND logtype IN (2000, 3001, 4002, 6001, 7001, 8001, 9001, 9002, 14001) AND if(logdata['USERNAME'] != '', logdata['USERNAME'], logdata['UserName']) NOT IN ('', 'null')
GROUP BY username
ORDER BY attempts DESC, username
LIMIT 100
