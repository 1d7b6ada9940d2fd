-- title: States of connections
-- question: How do connections go? S0 and REJ are knocks at closed ports, SF were finished.
-- column: conn_state = state
-- column: connections = connections
-- column: sources = different addresses
-- chart: bar conn_state connections
SELECT conn_state, count() AS connections, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_json
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_tsv
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND path = 'conn'
GROUP BY conn_state
ORDER BY connections DESC, conn_state
LIMIT 100
