-- title: Sources
-- question: Who speaks to it?
-- column: src_ip = the attacker's address
-- column: protocol = server of Conpot
-- column: lines = connections and requests
-- column: sources = different addresses
-- chart: table
SELECT src_ip, data_type AS protocol, count() AS lines, uniqExact(attacker_ip) AS sources
FROM (
  SELECT src_ip, data_type, event_type, attacker_ip FROM conpot_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT replaceOne(toString(attacker_ip), '::ffff:', '') AS src_ip, protocol AS data_type, event_type, attacker_ip FROM conpot_db_events
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND request != 'None'
)
WHERE src_ip != '' AND NOT startsWith(event_type, 'CONNECTION_')
GROUP BY src_ip, protocol
ORDER BY lines DESC, src_ip, protocol
LIMIT 100
