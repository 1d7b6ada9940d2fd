-- title: Commands
-- question: Which commands are sent?
-- column: input = command
-- column: times = times that it was sent
-- column: sources = different addresses
-- chart: bar input times
SELECT input, count() AS times, uniqExact(attacker_ip) AS sources
FROM adbhoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'adbhoney.command.input'
GROUP BY input
ORDER BY times DESC, input
LIMIT 100
