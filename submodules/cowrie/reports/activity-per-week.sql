-- title: Human activity per week
-- question: When do attackers type, week by week? Many inputs in few sessions are people; one each is a script.
-- column: week = Monday of the week, in UTC
-- column: inputs = lines that were typed or sent
-- column: sessions = sessions with such a line
-- chart: line week inputs sessions
SELECT toMonday(detect_ts) AS week, count() AS inputs, uniqExact(sensor_id, session) AS sessions
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
GROUP BY week
ORDER BY week
LIMIT 10000
