-- title: Commands (text)
-- question: Which commands are sent, by the text log?
-- column: command = command of PJL
-- column: details = what it wrote
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT command, details, count() AS times, uniqExact(attacker_ip) AS sources
FROM miniprint_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND step = 'request' AND command != 'handle'
GROUP BY command, details
ORDER BY times DESC, command, details
LIMIT 100
