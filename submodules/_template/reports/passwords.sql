-- title: Top passwords
-- question: Which passwords are tried most?
-- column: password = the password that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses that tried it
-- chart: bar password attempts
SELECT password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM example_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND username != ''
GROUP BY password
ORDER BY attempts DESC, password
LIMIT 100
