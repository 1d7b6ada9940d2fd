-- title: Clients per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: clients = clients
-- column: sources = different addresses
-- chart: line hour clients sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS clients, uniqExact(attacker_ip) AS sources
FROM endlessh_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'ACCEPT'
GROUP BY hour
ORDER BY hour
LIMIT 10000
