-- title: Logs
-- question: What does Zeek log?
-- column: path = which log
-- column: lines = lines of it
-- column: sources = different addresses
-- chart: bar path lines
SELECT path, count() AS lines, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_json
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_tsv
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND path != ''
GROUP BY path
ORDER BY lines DESC, path
LIMIT 100
