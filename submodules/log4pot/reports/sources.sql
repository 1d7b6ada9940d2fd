-- title: Sources
-- question: Who asks?
-- column: client = the attacker's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar client requests
SELECT client, count() AS requests, uniqExact(attacker_ip) AS sources
FROM log4pot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND type = 'request'
GROUP BY client
ORDER BY requests DESC, client
LIMIT 100
