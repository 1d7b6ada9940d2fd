-- title: Systems
-- question: Which systems do visitors have? Only those that began a connection count.
-- column: os = system, as p0f guesses it
-- column: times = connections from it
-- column: sources = different addresses
-- chart: bar os times
SELECT os, count() AS times, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_log
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_json
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `mod` = 'syn' AND os NOT IN ('', '???')
GROUP BY os
ORDER BY times DESC, os
LIMIT 100
