-- title: Top user names
-- question: Which user names are tried most?
-- column: username = the name that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses
-- chart: bar username attempts
SELECT username, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, protocol, attempt.username AS username, attempt.password AS password
  FROM heralding_json ARRAY JOIN auth_attempts AS attempt
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, protocol, username, password FROM heralding_auth WHERE session_id != ''
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND username != ''
GROUP BY username
ORDER BY attempts DESC, username
LIMIT 100
