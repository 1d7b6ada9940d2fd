-- title: Top pairs of user name and password
-- question: Which log-ins are tried as pairs? A rare pair used by many sources is a botnet's own.
-- column: pair = user name / password
-- column: attempts = log-ins with it
-- column: sources = different addresses that tried it
-- column: successes = log-ins that the honeypot let in
-- chart: bar pair attempts
SELECT concat(username, ' / ', password) AS pair, count() AS attempts, uniqExact(attacker_ip) AS sources, countIf(success = 1) AS successes
FROM kippo_auth
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY pair
ORDER BY attempts DESC, pair
LIMIT 100
