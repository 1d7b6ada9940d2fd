-- title: Log-ins per week
-- question: How many log-ins does the honeypot let in, week by week? A share that jumps means a changed userdb or a new word list.
-- column: week = Monday of the week, in UTC
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- column: percent = successes of a hundred attempts
-- chart: line week attempts successes
SELECT toMonday(detect_ts) AS week, count() AS attempts, countIf(success = 1) AS successes,
  round(100 * successes / attempts, 2) AS percent
FROM ({{use log_ins}})
GROUP BY week
ORDER BY week
LIMIT 10000
