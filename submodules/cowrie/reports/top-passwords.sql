-- title: Top passwords
-- question: Which passwords are tried most? Many sources behind one password point to a shared word list.
-- column: password = the password that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses that tried it
-- column: successes = log-ins that the honeypot let in
-- chart: bar password attempts
SELECT password, count() AS attempts, uniqExact(attacker_ip) AS sources, countIf(success = 1) AS successes
FROM ({{use log_ins}})
GROUP BY password
ORDER BY attempts DESC, password
LIMIT 100
