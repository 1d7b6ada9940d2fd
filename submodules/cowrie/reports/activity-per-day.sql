-- title: Human activity per day
-- question: When do attackers type, day by day? Many inputs in few sessions are people; one each is a script.
-- column: day = day in UTC
-- column: inputs = lines that were typed or sent
-- column: sessions = sessions with such a line
-- chart: line day inputs sessions
SELECT toDate(detect_ts) AS day, count() AS inputs, uniqExact(sensor_id, session) AS sessions
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
GROUP BY day
ORDER BY day
LIMIT 10000
