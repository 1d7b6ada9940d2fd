-- title: Expressions
-- question: Which expressions are sent?
-- column: deobfuscated_payload = the expression as Java would read it
-- column: location = where it stood
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT deobfuscated_payload, location, count() AS times, uniqExact(attacker_ip) AS sources
FROM log4pot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND type = 'exploit'
GROUP BY deobfuscated_payload, location
ORDER BY times DESC, deobfuscated_payload, location
LIMIT 100
