-- title: Links
-- question: By what kind of link do visitors come? A tunnel has a smaller MTU.
-- column: link = kind of link
-- column: times = times that it was seen
-- column: sources = different addresses
-- chart: bar link times
SELECT link, count() AS times, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_log
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_json
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `mod` = 'mtu' AND subject = 'cli'
GROUP BY link
ORDER BY times DESC, link
LIMIT 100
