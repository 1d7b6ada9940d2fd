-- title: Top pairs of user name and password
-- question: Which log-ins are tried as pairs? A rare pair used by many sources is a botnet's own.
-- column: username = the name that was tried
-- column: password = the password that was tried with it
-- column: attempts = log-ins with both
-- column: sources = different addresses that tried it
-- chart: table
SELECT username, password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM ({{use log_ins}})
GROUP BY username, password
ORDER BY attempts DESC, username, password
LIMIT 100
