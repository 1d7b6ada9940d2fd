-- title: Payloads
-- question: What is sent along?
-- column: payload = body of the request, cut to 200 characters
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar payload requests
SELECT substringUTF8(payload, 1, 200) AS payload, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND payload != ''
GROUP BY payload
ORDER BY requests DESC, payload
LIMIT 100
