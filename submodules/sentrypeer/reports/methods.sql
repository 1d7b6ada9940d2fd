-- title: Methods
-- question: What is asked of it?
-- column: method = method of the request
-- column: transport = UDP, TCP or TLS
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT sip_method AS method, transport_type AS transport, count() AS requests, uniqExact(attacker_ip) AS sources
FROM sentrypeer_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_uuid != ''
GROUP BY method, transport
ORDER BY requests DESC, method, transport
LIMIT 100
