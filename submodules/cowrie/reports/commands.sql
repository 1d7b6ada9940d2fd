-- title: Top input
-- question: What is typed or sent after a log-in? A command in many sessions from many sources is a script.
-- column: input = the line as Cowrie's shell took it
-- column: times = how often
-- column: sessions = sessions in which it was used
-- column: sources = different addresses that used it
-- chart: table
SELECT input, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
GROUP BY input
ORDER BY times DESC, input
LIMIT 100
