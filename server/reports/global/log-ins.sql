-- title: Log-ins and successes by day
-- question: How many tried, how many got in? A rising share of successes is a list that knows the honeypot.
-- group: Credentials
-- column: day = day, UTC
-- column: attempts = attempts to log in
-- column: successes = those that were let in
-- chart: line day attempts successes
SELECT toDate(detect_ts) AS day, count() AS attempts, countIf(outcome = 'success') AS successes
FROM event
WHERE {{events}} AND action = 'authenticate'
GROUP BY day
ORDER BY day
LIMIT 4000
