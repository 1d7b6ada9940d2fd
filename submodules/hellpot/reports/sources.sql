-- title: Sources
-- question: Who asks?
-- column: REMOTE_ADDR = the client's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar REMOTE_ADDR requests
SELECT REMOTE_ADDR, count() AS requests, uniqExact(attacker_ip) AS sources
FROM hellpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND message = 'NEW'
GROUP BY REMOTE_ADDR
ORDER BY requests DESC, REMOTE_ADDR
LIMIT 100
