-- title: Log-ins
-- question: Which accounts and passwords are tried, and on which service? MySQL's clients send a hash, so that its passwords are empty.
-- column: service = Dionaea's name of the service
-- column: username = the name that was tried
-- column: password = the password that was tried
-- column: attempts = log-ins
-- column: sources = different addresses
-- chart: table
SELECT service, username, password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM (
  SELECT connection_protocol AS service, login_username AS username, login_password AS password, attacker_ip
  FROM dionaea_logins
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND NOT bitTest(flags, 3)
  UNION ALL
  SELECT connection_protocol AS service, log_in.username AS username, log_in.password AS password, attacker_ip
  FROM dionaea_json
  ARRAY JOIN credentials AS log_in
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT connection_protocol AS service, username, password, attacker_ip FROM dionaea_incident
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND endsWith(origin, '.login')
)
GROUP BY service, username, password
ORDER BY attempts DESC, service, username, password
LIMIT 100
