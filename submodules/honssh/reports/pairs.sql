-- title: Top pairs of user name and password
-- question: Which log-ins are tried?
-- column: username = the name that was tried
-- column: password = the password that was tried with it
-- column: attempts = log-ins with both
-- column: sources = different addresses
-- chart: table
SELECT username, password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, username, password FROM honssh_session WHERE what = 'Login Successful'
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, username, password FROM honssh_auth WHERE NOT success AND username != ''
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY username, password
ORDER BY attempts DESC, username, password
LIMIT 100
