-- title: Commands that the honeypot does not know
-- question: Which commands fail? A frequent one here gives the honeypot away and is worth adding.
-- column: command = what was typed or sent
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind = 'failed'
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
