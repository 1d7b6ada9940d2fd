-- title: User agents
-- question: What do HTTP clients call themselves, and how do they order their headers?
-- column: user_agent = user agent
-- column: header_hash = MD5 of the order of its headers
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT http_userAgent AS user_agent, http_clientHeaderHash AS header_hash, count() AS requests, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND http_clientHeaderHash != ''
GROUP BY user_agent, header_hash
ORDER BY requests DESC, user_agent, header_hash
LIMIT 100
