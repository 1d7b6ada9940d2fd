-- title: Human activity per day
-- question: When do attackers type, day by day? Many inputs in few sessions are people; one each is a script.
-- column: day = day in UTC
-- column: inputs = lines that were typed
-- column: sessions = sessions in which something was typed
-- chart: line day inputs sessions
SELECT toDate(detect_ts) AS day, count() AS inputs, uniqExact(session) AS sessions
FROM kippo_input
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY day
ORDER BY day
LIMIT 10000
