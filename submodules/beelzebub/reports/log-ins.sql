-- title: Log-ins
-- question: Which names and passwords are tried?
-- column: User = name
-- column: Password = password
-- column: attempts = log-ins with them
-- column: sources = different addresses
-- chart: table
SELECT User, Password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Password != '' AND Command = ''
GROUP BY User, Password
ORDER BY attempts DESC, User, Password
LIMIT 100
