-- title: Operations
-- question: What is asked of the printer?
-- column: operation = operation of IPP; empty where there was none
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar operation requests
SELECT operation, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ipphoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY operation
ORDER BY requests DESC, operation
LIMIT 100
