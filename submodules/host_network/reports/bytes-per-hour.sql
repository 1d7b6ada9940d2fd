-- title: Bytes per hour
-- question: How much goes in and out? Counted when a connection ends, where the kernel keeps accounts.
-- column: hour = hour in UTC
-- column: received = bytes to the honeypot
-- column: sent = bytes from the honeypot
-- chart: line hour received sent
SELECT toStartOfHour(detect_ts) AS hour, sum(bytes_in) AS received, sum(bytes_out) AS sent
FROM host_network_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'closed' AND direction != 'internal'
GROUP BY hour
ORDER BY hour
LIMIT 10000
