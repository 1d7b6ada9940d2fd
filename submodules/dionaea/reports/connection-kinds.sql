-- title: Kinds of connections
-- question: What became of the connections? accept came in, connect the honeypot made itself, reject found a closed port, listen waits for a call back.
-- column: kind = connection_type of Dionaea
-- column: transport = tcp, tls or udp
-- column: connections = connections
-- column: sources = different addresses at the other end
-- chart: table
SELECT connection_type AS kind, connection_transport AS transport, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dionaea_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0
GROUP BY kind, transport
ORDER BY connections DESC, kind, transport
LIMIT 100
