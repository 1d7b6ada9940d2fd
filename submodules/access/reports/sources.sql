-- title: Sources
-- question: Who asks?
-- column: host = the client's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar host requests
SELECT host, count() AS requests, uniqExact(attacker_ip) AS sources
FROM access_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND status != 0
GROUP BY host
ORDER BY requests DESC, host
LIMIT 100
