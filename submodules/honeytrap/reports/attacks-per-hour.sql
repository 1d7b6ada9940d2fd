-- title: Attacks per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: attacks = connections
-- column: sources = different addresses
-- chart: line hour attacks sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS attacks, uniqExact(attacker_ip) AS sources
FROM honeytrap_attackers
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT is_virtual
GROUP BY hour
ORDER BY hour
LIMIT 10000
