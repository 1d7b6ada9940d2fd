-- title: Passwords that were to be set
-- question: Which passwords do attackers give their accounts? The same in many sessions names a group.
-- column: password = what was typed for passwd, or its command line
-- column: times = how often
-- column: sources = different addresses
-- chart: table
SELECT input AS password, count() AS times, uniqExact(attacker_ip) AS sources
FROM kippo_input
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (realm = 'passwd' OR match(input, '(^|[ ;|&/])(passwd|chpasswd)( |$|[|])'))
GROUP BY password
ORDER BY times DESC, password
LIMIT 100
