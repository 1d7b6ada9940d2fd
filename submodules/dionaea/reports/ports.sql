-- title: Ports
-- question: Which ports are visited?
-- column: port = the honeypot's port
-- column: transport = tcp, tls or udp
-- column: connections = connections, first datagrams for udp
-- column: sources = different addresses
-- chart: table
SELECT local_port AS port, connection_transport AS transport, count() AS connections, uniqExact(attacker_ip) AS sources
FROM (
  SELECT local_port, connection_transport, attacker_ip FROM dionaea_connections
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND (connection_type = 'accept' OR connection_transport = 'udp')
  UNION ALL
  SELECT dst_port, connection_transport, attacker_ip FROM dionaea_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND (connection_type = 'accept' OR connection_transport = 'udp')
  UNION ALL
  SELECT local_port, connection_transport, attacker_ip FROM dionaea_incident
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND (endsWith(origin, '.accept') OR origin = 'dionaea.connection.udp.connect' AND connection_transport = 'udp')
)
GROUP BY port, transport
ORDER BY connections DESC, port, transport
LIMIT 100
