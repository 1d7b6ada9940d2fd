-- title: Connections per address
-- question: Who comes most often? Compare with the log-ins: an address with none only looks.
-- column: address = the attacker's address
-- column: country = its country
-- column: sessions = connections
-- column: first = first connection
-- column: last = last connection
-- chart: bar address sessions
SELECT ip AS address, max(attacker_country) AS country, uniqExact(id) AS sessions, min(detect_ts) AS first, max(detect_ts) AS last
FROM kippo_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND ip != ''
GROUP BY address
ORDER BY sessions DESC, address
LIMIT 100
