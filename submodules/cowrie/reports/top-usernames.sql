-- title: Top user names
-- question: Which accounts are attacked most, by password? A name that succeeds often is one that the honeypot's userdb lets in.
-- column: username = the name that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses that tried it
-- column: successes = log-ins that the honeypot let in
-- chart: bar username attempts
SELECT username, count() AS attempts, uniqExact(attacker_ip) AS sources, countIf(success = 1) AS successes
FROM ({{use log_ins}})
GROUP BY username
ORDER BY attempts DESC, username
LIMIT 100
