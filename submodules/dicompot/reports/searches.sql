-- title: Searches
-- question: What is searched for?
-- column: Term = what is searched for
-- column: Type = what is searched by
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT Term, Type, count() AS times, uniqExact(attacker_ip) AS sources
FROM dicompot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Term != ''
GROUP BY Term, Type
ORDER BY times DESC, Term, Type
LIMIT 100
