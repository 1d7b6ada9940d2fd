-- title: Amplification
-- question: How many bytes go out for one that comes in?
-- column: pot = protocol
-- column: requests = requests
-- column: req_bytes = bytes of the requests
-- column: resp_bytes = bytes of the answers
-- chart: table
SELECT pot, count() AS requests, sum(req_size) AS req_bytes, sum(resp_size) AS resp_bytes
FROM ddospot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND req_size > 0
GROUP BY pot
ORDER BY resp_bytes DESC, pot
LIMIT 100
