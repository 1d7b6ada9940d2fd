-- title: Ports with alerts
-- question: Which ports do alerts concern?
-- column: port = port of the receiver
-- column: alerts = alerts about it
-- column: sources = different addresses
-- chart: bar port alerts
SELECT dst_port AS port, count() AS alerts, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, gid, sid, msg, class, priority, src_port, dst_port FROM snort_alert
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, gid, sid, msg, class, priority, src_port, dst_port FROM snort_full
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, gid, sid, msg, class, priority, src_port, dst_port FROM snort_unified2 WHERE type = 'event'
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, gid, sid, msg, class, priority, src_port, dst_port FROM snort_json
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND dst_port > 0
GROUP BY port
ORDER BY alerts DESC, port
LIMIT 100
