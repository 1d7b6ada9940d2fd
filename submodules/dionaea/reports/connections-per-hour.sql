-- title: Connections per hour
-- question: When is the honeypot visited? Regular peaks are scanners on a schedule.
-- column: hour = hour in UTC
-- column: connections = connections to the honeypot, first datagrams for udp
-- column: sources = different addresses
-- chart: line hour connections sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dionaea_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND (connection_type IN ('accept', 'reject', 'pending') OR connection_transport = 'udp')
GROUP BY hour
ORDER BY hour
LIMIT 10000
