-- title: Commands
-- question: What was executed, by sudo, or typed?
-- column: type = EXECVE, USER_CMD or TTY
-- column: command = program and arguments
-- column: times = times that it was
-- column: sources = different addresses
-- chart: table
SELECT `type` AS type, argv AS command, count() AS times, uniqExact(attacker_ip) AS sources
FROM auditd_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `type` IN ('EXECVE', 'USER_CMD', 'TTY') AND argv != ''
GROUP BY type, command
ORDER BY times DESC, type, command
LIMIT 100
