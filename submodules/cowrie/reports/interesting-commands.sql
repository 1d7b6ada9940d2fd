-- title: Commands about the machine
-- question: What do attackers look at first? These tell people and scripts that test for honeypots.
-- column: command = what was typed or sent
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
  AND match(input, '(^|[ ;|&/])(uname|cat /proc|w|who|last|ps|ifconfig|netstat|history|uptime|free|nproc|id|lscpu|dmidecode)( |$)')
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
