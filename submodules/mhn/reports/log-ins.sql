-- title: Log-ins
-- question: Which names and passwords are tried?
-- column: login = name
-- column: password = password
-- column: attempts = log-ins with them
-- column: sources = different addresses
-- chart: table
SELECT arrayJoin(auth_attempts).login AS login, arrayJoin(auth_attempts).password AS password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM mhn_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(auth_attempts)
GROUP BY login, password
ORDER BY attempts DESC, login, password
LIMIT 100
