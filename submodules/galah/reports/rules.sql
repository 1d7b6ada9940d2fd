-- title: Rules
-- question: Which rules of Suricata match?
-- column: rule = rule that matches first
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar rule requests
SELECT suricataMatches[1].msg AS rule, count() AS requests, uniqExact(attacker_ip) AS sources
FROM galah_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(suricataMatches)
GROUP BY rule
ORDER BY requests DESC, rule
LIMIT 100
