-- title: User agents
-- question: What do clients call themselves?
-- column: user_agent = what the client calls itself
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar user_agent requests
SELECT sip_user_agent AS user_agent, count() AS requests, uniqExact(attacker_ip) AS sources
FROM sentrypeer_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND sip_user_agent != ''
GROUP BY user_agent
ORDER BY requests DESC, user_agent
LIMIT 100
