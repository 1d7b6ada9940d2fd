-- title: Sessions per hour
-- question: When is the honeypot visited?
-- column: hour = hour in UTC
-- column: lines = connections and requests
-- column: sources = different addresses
-- chart: line hour lines sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS lines, uniqExact(attacker_ip) AS sources
FROM (
  SELECT data_type, event_type, attacker_ip, detect_ts FROM conpot_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT protocol AS data_type, event_type, attacker_ip, detect_ts FROM conpot_db_events
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND request != 'None'
)
WHERE data_type != '' AND NOT startsWith(event_type, 'CONNECTION_')
GROUP BY hour
ORDER BY hour
LIMIT 10000
