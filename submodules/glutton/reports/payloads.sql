-- title: Payloads
-- question: What is sent? The same hash from many sources is one tool.
-- column: payload_hash = SHA-256 of what came
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar payload_hash times
SELECT payload_hash, count() AS times, uniqExact(attacker_ip) AS sources
FROM glutton_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND payload_hash != ''
GROUP BY payload_hash
ORDER BY times DESC, payload_hash
LIMIT 100
