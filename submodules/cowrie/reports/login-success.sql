-- title: Log-ins per day
-- question: How many log-ins does the honeypot let in, day by day? A share that jumps means a changed userdb or a new word list.
-- column: day = day in UTC
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- column: percent = successes of a hundred attempts
-- chart: line day attempts successes
SELECT toDate(detect_ts) AS day, count() AS attempts, countIf(success = 1) AS successes,
  round(100 * successes / attempts, 2) AS percent
FROM ({{use log_ins}})
GROUP BY day
ORDER BY day
LIMIT 10000
