-- title: Accepted and closed
-- question: How often was a client caught, and how often did one leave?
-- column: what = ACCEPT or CLOSE
-- column: lines = lines
-- column: sources = different addresses
-- chart: bar what lines
SELECT what, count() AS lines, uniqExact(attacker_ip) AS sources
FROM endlessh_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what != ''
GROUP BY what
ORDER BY lines DESC, what
LIMIT 100
