-- title: User agents
-- question: What do the clients call themselves?
-- column: user_agent = user agent
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar user_agent requests
SELECT user_agent, count() AS requests, uniqExact(attacker_ip) AS sources
FROM wordpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND user_agent != ''
GROUP BY user_agent
ORDER BY requests DESC, user_agent
LIMIT 100
