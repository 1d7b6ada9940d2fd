-- title: Commands about the machine
-- question: What do attackers look at first? These tell people and scripts that test for honeypots.
-- column: command = what was typed
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(session) AS sessions, uniqExact(attacker_ip) AS sources
FROM kippo_input
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND match(input, '(^|[ ;|&/])(uname|cat /proc|w|who|last|ps|ifconfig|netstat|history|uptime|free|nproc|id|lscpu|dmidecode)( |$)')
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
