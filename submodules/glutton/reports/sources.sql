-- title: Sources
-- question: Who comes?
-- column: src_ip = the attacker's address
-- column: lines = lines that tell of it
-- column: sources = different addresses
-- chart: bar src_ip lines
SELECT src_ip, count() AS lines, uniqExact(attacker_ip) AS sources
FROM glutton_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND src_ip != ''
GROUP BY src_ip
ORDER BY lines DESC, src_ip
LIMIT 100
