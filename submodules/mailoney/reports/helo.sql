-- title: Names of clients
-- question: How do the clients greet?
-- column: greeting = name in HELO or EHLO
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar greeting times
SELECT substring(data, 6) AS greeting, count() AS times, uniqExact(attacker_ip) AS sources
FROM mailoney_commands
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND verb IN ('HELO', 'EHLO')
GROUP BY greeting
ORDER BY times DESC, greeting
LIMIT 100
