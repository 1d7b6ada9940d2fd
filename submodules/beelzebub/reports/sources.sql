-- title: Sources
-- question: Who comes?
-- column: SourceIp = the attacker's address
-- column: lines = log-ins, commands, requests
-- column: sources = different addresses
-- chart: bar SourceIp lines
SELECT SourceIp, count() AS lines, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Protocol != ''
GROUP BY SourceIp
ORDER BY lines DESC, SourceIp
LIMIT 100
