-- title: Human activity per week
-- question: When do attackers type, week by week? Many inputs in few sessions are people; one each is a script.
-- column: week = Monday of the week, in UTC
-- column: inputs = lines that were typed
-- column: sessions = sessions in which something was typed
-- chart: line week inputs sessions
SELECT toMonday(detect_ts) AS week, count() AS inputs, uniqExact(session) AS sessions
FROM kippo_input
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY week
ORDER BY week
LIMIT 10000
