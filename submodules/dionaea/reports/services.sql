-- title: Services
-- question: Which services are visited? Counted are connections to the honeypot, not those that it made itself.
-- column: service = Dionaea's name of the service
-- column: connections = connections
-- column: sources = different addresses
-- chart: bar service connections
SELECT connection_protocol AS service, count() AS connections, uniqExact(attacker_ip) AS sources
FROM (
  SELECT connection_protocol, attacker_ip FROM dionaea_connections
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND connection_type = 'accept'
  UNION ALL
  SELECT connection_protocol, attacker_ip FROM dionaea_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND connection_type = 'accept'
  UNION ALL
  SELECT connection_protocol, attacker_ip FROM dionaea_incident
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND endsWith(origin, '.accept')
)
GROUP BY service
ORDER BY connections DESC, service
LIMIT 100
