-- title: Pairs that were let in
-- question: Which log-ins open the honeypot? One that is used by many sources is being passed on.
-- column: pair = user name / password
-- column: successes = log-ins that were let in
-- column: sources = different addresses that used it
-- chart: bar pair successes
SELECT concat(username, ' / ', password) AS pair, count() AS successes, uniqExact(attacker_ip) AS sources
FROM ({{use log_ins}})
WHERE success = 1
GROUP BY pair
ORDER BY successes DESC, pair
LIMIT 100
