-- title: Busiest days
-- question: On which days was most done? Compare the columns: many sessions without input are scans.
-- column: day = day in UTC
-- column: sessions = connections
-- column: attempts = log-ins
-- column: successes = log-ins that were let in
-- column: inputs = lines that were typed
-- chart: bar day sessions
SELECT day, sum(session) AS sessions, sum(attempt) AS attempts, sum(success) AS successes, sum(input) AS inputs
FROM (
  SELECT toDate(detect_ts) AS day, version = 0 AS session, 0 AS attempt, 0 AS success, 0 AS input FROM kippo_sessions
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT toDate(detect_ts), 0, 1, success = 1, 0 FROM kippo_auth
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT toDate(detect_ts), 0, 0, 0, 1 FROM kippo_input
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
)
GROUP BY day
ORDER BY sessions DESC, day
LIMIT 20
