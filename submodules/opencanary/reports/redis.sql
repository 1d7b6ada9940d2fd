-- title: Commands to Redis
-- question: What is Redis told? CONFIG SET dir and SLAVEOF are the way to a shell.
-- column: command = the command with its arguments
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar command times
SELECT trimRight(concat(logdata['CMD'], ' ', logdata['ARGS'])) AS command, count() AS times, uniqExact(attacker_ip) AS sources
FROM opencanary_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND logtype = 17001
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
