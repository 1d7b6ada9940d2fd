-- title: Top signatures
-- question: Which rules match most?
-- column: signature = message of the rule
-- column: rule = generator and number
-- column: alerts = times that it matched
-- column: sources = different addresses
-- chart: bar signature alerts
SELECT msg AS signature, concat(toString(gid), ':', toString(sid)) AS rule, count() AS alerts, uniqExact(attacker_ip) AS sources
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
GROUP BY signature, rule
ORDER BY alerts DESC, signature, rule
LIMIT 100
