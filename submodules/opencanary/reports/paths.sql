-- title: Pages asked for
-- question: Which pages do visitors ask the web server for?
-- column: path = path of the request
-- column: user_agent = what the client calls itself
-- column: requests = requests for it
-- column: sources = different addresses
-- chart: table
SELECT logdata['PATH'] AS path, logdata['USERAGENT'] AS user_agent, count() AS requests, uniqExact(attacker_ip) AS sources
FROM opencanary_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND intDiv(logtype, 1000) = 3
GROUP BY path, user_agent
ORDER BY requests DESC, path, user_agent
LIMIT 100
