-- title: Kinds of lines
-- question: What does p0f see?
-- column: mod = kind of the line
-- column: lines = lines of it
-- column: sources = different addresses
-- chart: bar mod lines
SELECT `mod` AS mod, count() AS lines, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_log
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_json
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `mod` != ''
GROUP BY mod
ORDER BY lines DESC, mod
LIMIT 100
