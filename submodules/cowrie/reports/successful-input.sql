-- title: Commands that the honeypot knows
-- question: Which commands work? They show what attackers came to do. Only Cowrie's JSON log tells of them; its databases have whole lines, which are in Top input.
-- column: command = what was typed or sent
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind = 'found'
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
