-- title: Rare commands
-- question: What was run only once or twice? Services repeat themselves, people do not.
-- column: command = program and arguments
-- column: user = user in the container
-- column: parent = what started it
-- column: executions = how often
-- column: first_seen = the first time
-- chart: table
SELECT command, user, parent, count() AS executions, min(detect_ts) AS first_seen
FROM host_processes_executions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'executed'
GROUP BY command, user, parent
HAVING executions <= 2
ORDER BY first_seen DESC, command, user, parent
LIMIT 500
