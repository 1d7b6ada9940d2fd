-- title: Paths
-- question: Which paths are asked for?
-- column: request_uri = path that was asked for
-- column: request_method = method
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT request_uri, request_method, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY request_uri, request_method
ORDER BY requests DESC, request_uri, request_method
LIMIT 100
