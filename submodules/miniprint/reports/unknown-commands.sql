-- title: Unknown commands
-- question: Which commands does the printer not know?
-- column: details = what came, cut to 200 characters
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar details times
SELECT substringUTF8(details, 1, 200) AS details, count() AS times, uniqExact(attacker_ip) AS sources
FROM miniprint_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND step = 'cmd_unknown'
GROUP BY details
ORDER BY times DESC, details
LIMIT 100
