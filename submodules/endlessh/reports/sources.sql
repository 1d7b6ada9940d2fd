-- title: Sources
-- question: Who connects?
-- column: host = the attacker's address
-- column: clients = connections
-- column: sources = different addresses
-- chart: bar host clients
SELECT host, count() AS clients, uniqExact(attacker_ip) AS sources
FROM endlessh_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'ACCEPT'
GROUP BY host
ORDER BY clients DESC, host
LIMIT 100
