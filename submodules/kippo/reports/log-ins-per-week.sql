-- title: Log-ins per week
-- question: How many log-ins are tried and let in, week by week? A share that jumps means changed accounts or a new word list.
-- column: week = Monday of the week, in UTC
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- chart: line week attempts successes
SELECT toMonday(detect_ts) AS week, count() AS attempts, countIf(success = 1) AS successes
FROM kippo_auth
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY week
ORDER BY week
LIMIT 10000
