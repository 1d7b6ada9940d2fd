-- title: User names
-- question: Which users log in to devices, or try?
-- column: username = user in the text
-- column: lines = lines about him
-- column: sources = different addresses
-- chart: bar username lines
SELECT username, count() AS lines, uniqExact(attacker_ip) AS sources
FROM cisco_syslog
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND username != ''
GROUP BY username
ORDER BY lines DESC, username
LIMIT 100
