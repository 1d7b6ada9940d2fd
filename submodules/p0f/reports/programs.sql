-- title: Programs
-- question: Which programs do visitors have, by their packets and requests?
-- column: app = program, as p0f guesses it
-- column: times = times that it was seen
-- column: sources = different addresses
-- chart: bar app times
SELECT app, count() AS times, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_log
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_json
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND subject = 'cli' AND app NOT IN ('', '???')
GROUP BY app
ORDER BY times DESC, app
LIMIT 100
