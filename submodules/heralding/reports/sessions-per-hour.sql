-- title: Sessions per hour
-- question: When is the honeypot visited? An hour without any session is an outage more often than peace.
-- column: hour = hour in UTC
-- column: sessions = sessions that began
-- column: sources = different addresses
-- chart: line hour sessions sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, protocol FROM heralding_json WHERE session_id != ''
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, protocol FROM heralding_session WHERE session_id != ''
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY hour
ORDER BY hour
LIMIT 10000
