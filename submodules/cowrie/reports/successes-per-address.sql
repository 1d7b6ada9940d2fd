-- title: Log-ins let in per address
-- question: Who got in most often? A source that needs one attempt each time knew the password before.
-- column: address = the attacker's address
-- column: successes = log-ins that were let in
-- column: attempts = all log-ins
-- column: pairs = different pairs that were let in
-- link: address=attacker_ip
-- chart: bar address successes
SELECT attacker_ip AS address, countIf(success = 1) AS successes, count() AS attempts, uniqExactIf((username, password), success = 1) AS pairs
FROM ({{use log_ins}})
GROUP BY address
HAVING successes > 0
ORDER BY successes DESC, address
LIMIT 100
