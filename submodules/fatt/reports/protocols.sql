-- title: Protocols
-- question: What was fingerprinted, to which port?
-- column: protocol = protocol
-- column: port = port of the receiver
-- column: times = times that it was seen
-- column: sources = different addresses
-- chart: table
SELECT protocol, destinationPort AS port, count() AS times, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND protocol != ''
GROUP BY protocol, port
ORDER BY times DESC, protocol, port
LIMIT 100
