-- title: Commands
-- question: Which commands are sent?
-- column: verb = first word of the command
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar verb times
SELECT verb, count() AS times, uniqExact(attacker_ip) AS sources
FROM mailoney_commands
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND verb != ''
GROUP BY verb
ORDER BY times DESC, verb
LIMIT 100
