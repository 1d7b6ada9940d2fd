-- title: Commands
-- question: What do users do on the devices?
-- column: username = who gave it
-- column: command = the command
-- column: times = times that it was given
-- column: sources = different addresses
-- chart: table
SELECT username, command, count() AS times, uniqExact(attacker_ip) AS sources
FROM cisco_syslog
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND command != ''
GROUP BY username, command
ORDER BY times DESC, username, command
LIMIT 100
