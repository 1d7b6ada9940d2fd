-- title: Sources
-- question: Who asks?
-- column: srcIP = the attacker's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar srcIP requests
SELECT srcIP, count() AS requests, uniqExact(attacker_ip) AS sources
FROM galah_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY srcIP
ORDER BY requests DESC, srcIP
LIMIT 100
