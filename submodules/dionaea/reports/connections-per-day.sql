-- title: Connections per day
-- question: How much is the honeypot contacted, day by day? A day with many files and few sources is one worm; a day without anything is an outage more often than peace.
-- column: day = day in UTC
-- column: connections = connections to the honeypot, first datagrams for udp
-- column: sources = different addresses
-- chart: line day connections sources
SELECT toDate(detect_ts) AS day, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dionaea_connections
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND (connection_type IN ('accept', 'reject', 'pending') OR connection_transport = 'udp')
GROUP BY day
ORDER BY day
LIMIT 10000
