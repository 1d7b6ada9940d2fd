-- title: Where expressions stand
-- question: In which part of the request do expressions come?
-- column: location = request, or header- and the name of the header
-- column: expressions = expressions
-- column: sources = different addresses
-- chart: bar location expressions
SELECT location, count() AS expressions, uniqExact(attacker_ip) AS sources
FROM log4pot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND location != ''
GROUP BY location
ORDER BY expressions DESC, location
LIMIT 100
