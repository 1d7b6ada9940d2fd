-- title: Alerts per hour
-- question: When do rules match?
-- column: hour = hour in UTC
-- column: alerts = alerts
-- column: sources = different addresses
-- chart: line hour alerts sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS alerts, uniqExact(attacker_ip) AS sources
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
  AND sid != 0
GROUP BY hour
ORDER BY hour
LIMIT 10000
