-- title: Ports
-- question: Which ports are connections to?
-- column: port = port of the other side
-- column: proto = tcp, udp or icmp
-- column: connections = connections to it
-- column: sources = different addresses
-- chart: table
SELECT resp_p AS port, proto, count() AS connections, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_json
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_tsv
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND path = 'conn'
GROUP BY port, proto
ORDER BY connections DESC, port, proto
LIMIT 100
