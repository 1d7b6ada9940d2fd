-- title: Fetching of files
-- question: Which commands fetch files? URLs that are not among the files that came in failed.
-- column: command = what was typed or sent
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
  AND match(input, '(^|[ ;|&/])(wget|curl|tftp|ftpget)( |$)')
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
