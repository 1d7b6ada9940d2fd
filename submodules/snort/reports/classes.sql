-- title: Classifications
-- question: What kinds of attacks are seen?
-- column: class = classification of the rule
-- column: alerts = alerts of it
-- column: sources = different addresses
-- chart: bar class alerts
SELECT class, count() AS alerts, uniqExact(attacker_ip) AS sources
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
GROUP BY class
ORDER BY alerts DESC, class
LIMIT 100
