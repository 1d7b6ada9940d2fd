-- title: Handlers
-- question: Which protocols are spoken?
-- column: handler = part of Glutton that spoke
-- column: lines = lines that tell of it
-- column: sources = different addresses
-- chart: bar handler lines
SELECT handler, count() AS lines, uniqExact(attacker_ip) AS sources
FROM glutton_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND src_ip != ''
GROUP BY handler
ORDER BY lines DESC, handler
LIMIT 100
