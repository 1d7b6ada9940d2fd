-- title: Requests
-- question: What is asked for?
-- column: request = first line of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar request requests
SELECT request, count() AS requests, uniqExact(attacker_ip) AS sources
FROM log4pot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND type = 'request'
GROUP BY request
ORDER BY requests DESC, request
LIMIT 100
