-- title: Log-ins per day
-- question: How many log-ins are tried and let in, day by day? A share that jumps means changed accounts or a new word list.
-- column: day = day in UTC
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- chart: line day attempts successes
SELECT toDate(detect_ts) AS day, count() AS attempts, countIf(success = 1) AS successes
FROM kippo_auth
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY day
ORDER BY day
LIMIT 10000
