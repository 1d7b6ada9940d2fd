-- title: Methods and protocols
-- question: By which methods is asked, over HTTP or HTTPS?
-- column: protocol = http or https
-- column: request_method = method of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT protocol, request_method, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND request_method != ''
GROUP BY protocol, request_method
ORDER BY requests DESC, protocol, request_method
LIMIT 100
