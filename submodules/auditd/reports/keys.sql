-- title: Rules
-- question: Which rules match?
-- column: key = key of the rule
-- column: exe = program
-- column: times = system calls
-- column: sources = different addresses
-- chart: table
SELECT key, exe, count() AS times, uniqExact(attacker_ip) AS sources
FROM auditd_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `key` != ''
GROUP BY key, exe
ORDER BY times DESC, key, exe
LIMIT 100
