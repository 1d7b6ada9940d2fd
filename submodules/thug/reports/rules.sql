-- title: Rules
-- question: Which rules of classifiers match?
-- column: rule = rule
-- column: times = times that it matched
-- column: sources = different addresses
-- chart: bar rule times
SELECT arrayJoin(classifiers).rule AS rule, count() AS times, uniqExact(attacker_ip) AS sources
FROM thug_analyses
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(classifiers)
GROUP BY rule
ORDER BY times DESC, rule
LIMIT 100
