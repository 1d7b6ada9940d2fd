-- title: Notices
-- question: What does Zeek find worth a notice?
-- column: note = kind of the notice
-- column: notices = notices of it
-- column: sources = different addresses
-- chart: bar note notices
SELECT note, count() AS notices, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_json
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, path, note, resp_p, proto, service, orig_h, resp_h, conn_state, orig_bytes, resp_bytes FROM zeek_tsv
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND note != ''
GROUP BY note
ORDER BY notices DESC, note
LIMIT 100
