-- title: Kinds of records
-- question: What does auditd log?
-- column: type = kind
-- column: lines = lines of it
-- column: sources = different addresses
-- chart: bar type lines
SELECT `type` AS type, count() AS lines, uniqExact(attacker_ip) AS sources
FROM auditd_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `type` != ''
GROUP BY type
ORDER BY lines DESC, type
LIMIT 100
