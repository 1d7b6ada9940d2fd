-- title: Log-ins let in per address
-- question: Who got in most often? A source that needs one attempt each time knew the password before.
-- column: address = the attacker's address
-- column: successes = log-ins that were let in
-- column: attempts = all log-ins
-- column: pairs = different pairs that were let in
-- chart: bar address successes
SELECT ip AS address, countIf(success = 1) AS successes, count() AS attempts, uniqExactIf((username, password), success = 1) AS pairs
FROM kippo_auth
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY address
HAVING successes > 0
ORDER BY successes DESC, address
LIMIT 100
