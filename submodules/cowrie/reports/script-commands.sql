-- title: Scripts that were run
-- question: Which scripts are run? They were mostly fetched just before.
-- column: command = what was typed or sent
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
  AND match(input, '\\.(sh|pl|py|php)\\b|(^|[ ;|&])\\./')
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
