-- title: Log-ins that succeeded
-- question: How many log-ins does the honeypot let in, day by day? A share that jumps means a changed userdb or a new word list.
-- column: day = day in UTC
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- column: percent = successes of a hundred attempts
-- chart: line day attempts successes
SELECT toDate(detect_ts) AS day, count() AS attempts, countIf(eventid = 'cowrie.login.success') AS successes,
  round(100 * successes / attempts, 2) AS percent
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid IN ('cowrie.login.success', 'cowrie.login.failed')
GROUP BY day
ORDER BY day
LIMIT 10000
