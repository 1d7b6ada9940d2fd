-- title: User agents
-- question: What do the clients call themselves?
-- column: USERAGENT = user agent
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar USERAGENT requests
SELECT USERAGENT, count() AS requests, uniqExact(attacker_ip) AS sources
FROM hellpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND message = 'NEW'
GROUP BY USERAGENT
ORDER BY requests DESC, USERAGENT
LIMIT 100
