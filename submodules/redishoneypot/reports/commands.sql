-- title: Commands
-- question: Which commands are sent?
-- column: action = command with its arguments
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar action times
SELECT action, count() AS times, uniqExact(attacker_ip) AS sources
FROM redishoneypot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND command != ''
GROUP BY action
ORDER BY times DESC, action
LIMIT 100
