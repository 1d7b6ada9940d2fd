-- title: Busiest days
-- question: On which days was most done? Compare the columns: many connections without input are scans.
-- column: day = day in UTC
-- column: connections = connections
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- column: inputs = lines that were typed or sent
-- chart: bar day connections
SELECT day, sum(connection) AS connections, sum(attempt) AS attempts, sum(success) AS successes, sum(input) AS inputs
FROM (
  SELECT toDate(detect_ts) AS day, 1 AS connection, 0 AS attempt, 0 AS success, 0 AS input FROM ({{use connections}})
  UNION ALL
  SELECT toDate(detect_ts), 0, 1, success = 1, 0 FROM ({{use log_ins}})
  UNION ALL
  SELECT toDate(detect_ts), 0, 0, 0, 1 FROM ({{use inputs}}) WHERE kind IN ('line', 'answer')
)
GROUP BY day
ORDER BY connections DESC, day
LIMIT 20
