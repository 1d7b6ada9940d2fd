-- title: Connections per hour
-- question: When is the network visited?
-- column: hour = hour in UTC
-- column: connections = connections
-- column: sources = different addresses
-- chart: line hour connections sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS connections, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_json
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_tsv
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND path = 'conn'
GROUP BY hour
ORDER BY hour
LIMIT 10000
