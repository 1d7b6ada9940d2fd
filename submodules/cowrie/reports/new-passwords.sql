-- title: Passwords that were to be set
-- question: Which passwords do attackers give their accounts? The same in many sessions names a group.
-- column: password = what was typed for passwd, or the command line that sets it
-- column: times = how often
-- column: sessions = different sessions
-- column: sources = different addresses
-- chart: table
SELECT input AS password, count() AS times, uniqExact(sensor_id, session) AS sessions, uniqExact(attacker_ip) AS sources
FROM ({{use inputs}})
WHERE kind IN ('line', 'answer')
  AND (realm = 'passwd' OR match(input, '(^|[ ;|&/])(passwd|chpasswd)( |$|[|])'))
GROUP BY password
ORDER BY times DESC, password
LIMIT 100
