-- title: Top user names
-- question: Which accounts are attacked most? A name that succeeds often is one that the honeypot's userdb lets in.
-- column: username = the name that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses that tried it
-- column: successes = log-ins that the honeypot let in
-- chart: bar username attempts
SELECT username, count() AS attempts, uniqExact(attacker_ip) AS sources, countIf(eventid = 'cowrie.login.success') AS successes
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid IN ('cowrie.login.success', 'cowrie.login.failed')
GROUP BY username
ORDER BY attempts DESC, username
LIMIT 100
