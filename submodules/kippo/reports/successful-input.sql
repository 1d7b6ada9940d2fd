-- title: Commands that the honeypot knows
-- question: Which commands work? They show what attackers came to do.
-- column: command = what was typed
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: bar command times
SELECT input AS command, count() AS times, uniqExact(session) AS sessions, uniqExact(attacker_ip) AS sources
FROM kippo_input
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND success = 1
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
