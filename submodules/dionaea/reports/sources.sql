-- title: Sources
-- question: Who connects? Many services from one address is a scan, many connections to one service a worm or a word list.
-- column: source = address
-- column: country = country at the time
-- column: connections = connections
-- column: services = different services
-- column: last_seen = its newest connection
-- chart: table
SELECT attacker_ip AS source, any(attacker_country) AS country, count() AS connections,
  uniqExact(connection_protocol) AS services, max(detect_ts) AS last_seen
FROM (
  SELECT attacker_ip, attacker_country, connection_protocol, detect_ts FROM dionaea_connections
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND connection_type IN ('accept', 'connect')
  UNION ALL
  SELECT attacker_ip, attacker_country, connection_protocol, detect_ts FROM dionaea_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND connection_type IN ('accept', 'connect')
  UNION ALL
  SELECT attacker_ip, attacker_country, connection_protocol, detect_ts FROM dionaea_incident
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND match(origin, '^dionaea.connection.[a-z]+.(accept|connect)$')
)
GROUP BY source
ORDER BY connections DESC, source
LIMIT 100
