-- title: Payloads
-- question: What is sent along? Scripts in a search are attempts to run code.
-- column: payload = what was sent
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar payload requests
SELECT payload, count() AS requests, uniqExact(attacker_ip) AS sources
FROM elasticpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND payload != ''
GROUP BY payload
ORDER BY requests DESC, payload
LIMIT 100
