-- title: HTTP requests
-- question: Which names are asked for by HTTP, and how?
-- column: http_hostname = Host of the request
-- column: http_method = method of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT http_hostname, http_method, count() AS requests, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_type = 'http'
GROUP BY http_hostname, http_method
ORDER BY requests DESC, http_hostname, http_method
LIMIT 100
