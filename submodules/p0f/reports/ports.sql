-- title: Ports
-- question: Which ports are connections to?
-- column: port = port of the server
-- column: connections = connections to it
-- column: sources = different addresses
-- chart: bar port connections
SELECT server_port AS port, count() AS connections, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_log
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, `mod`, subject, os, app, link, server_port, reason FROM p0f_json
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `mod` = 'syn'
GROUP BY port
ORDER BY connections DESC, port
LIMIT 100
