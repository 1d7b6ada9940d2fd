-- title: Commands
-- question: Which commands were given, and were they let through?
-- column: what = Executed or Blocked
-- column: command = the command
-- column: times = times that it was given
-- column: sources = different addresses
-- chart: table
SELECT what, command, count() AS times, uniqExact(attacker_ip) AS sources
FROM honssh_session
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what LIKE 'Command %'
GROUP BY what, command
ORDER BY times DESC, what, command
LIMIT 100
