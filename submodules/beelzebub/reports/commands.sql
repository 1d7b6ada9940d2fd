-- title: Commands
-- question: Which commands are sent?
-- column: Command = command
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar Command times
SELECT Command, count() AS times, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Command != ''
GROUP BY Command
ORDER BY times DESC, Command
LIMIT 100
