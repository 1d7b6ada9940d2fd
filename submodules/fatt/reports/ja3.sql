-- title: JA3
-- question: Which TLS clients are there?
-- column: ja3 = JA3 of the client
-- column: times = times that it was seen
-- column: sources = different addresses
-- chart: bar ja3 times
SELECT tls_ja3 AS ja3, count() AS times, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND tls_ja3 != ''
GROUP BY ja3
ORDER BY times DESC, ja3
LIMIT 100
