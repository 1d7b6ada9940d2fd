-- title: Protocols
-- question: Which of its servers are spoken to?
-- column: protocol = server of Conpot
-- column: lines = connections to it and requests
-- column: sources = different addresses
-- chart: bar protocol lines
SELECT data_type AS protocol, count() AS lines, uniqExact(attacker_ip) AS sources
FROM (
  SELECT data_type, event_type, attacker_ip FROM conpot_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT protocol AS data_type, event_type, attacker_ip FROM conpot_db_events
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND request != 'None'
)
WHERE data_type != '' AND NOT startsWith(event_type, 'CONNECTION_')
  AND event_type NOT IN ('RESPONSE', 'READ_VAR', 'WRITE_VAR', 'PLC_START', 'PLC_STOP')
GROUP BY protocol
ORDER BY lines DESC, protocol
LIMIT 100
