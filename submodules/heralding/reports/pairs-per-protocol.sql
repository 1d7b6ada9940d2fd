-- title: Top log-ins of each protocol
-- question: Which log-ins are tried at which service?
-- column: protocol = server of Heralding
-- column: username = the name that was tried
-- column: password = the password that was tried with it
-- column: attempts = log-ins with all three
-- column: sources = different addresses
-- chart: table
SELECT protocol, username, password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, protocol, attempt.username AS username, attempt.password AS password
  FROM heralding_json ARRAY JOIN auth_attempts AS attempt
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, protocol, username, password FROM heralding_auth WHERE session_id != ''
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY protocol, username, password
ORDER BY attempts DESC, protocol, username, password
LIMIT 100
