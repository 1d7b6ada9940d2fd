-- title: Names of commands
-- question: Which commands are known to the attackers?
-- column: command = name of the command
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar command times
SELECT command, count() AS times, uniqExact(attacker_ip) AS sources
FROM redishoneypot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND command != ''
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
