-- title: Programs
-- question: Which programs were started?
-- column: exe = the program
-- column: executions = how often
-- column: users = by how many users
-- column: last_seen = the newest
-- chart: bar exe executions
SELECT exe, count() AS executions, uniqExact(user) AS users, max(detect_ts) AS last_seen
FROM host_processes_executions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'executed'
GROUP BY exe
ORDER BY executions DESC, exe
LIMIT 100
