-- title: What services wrote
-- question: What did the service scripts write?
-- column: port = port of the service
-- column: line = what its script wrote
-- column: times = times that it was written
-- column: sources = different addresses
-- chart: table
SELECT dst_port AS port, line, count() AS times, uniqExact(attacker_ip) AS sources
FROM honeyd_service
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND line != ''
GROUP BY port, line
ORDER BY times DESC, port, line
LIMIT 100
