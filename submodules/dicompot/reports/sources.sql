-- title: Sources
-- question: Who connects?
-- column: IP = the attacker's address
-- column: connections = connections
-- column: sources = different addresses
-- chart: bar IP connections
SELECT IP, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dicompot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND msg = 'Connection from'
GROUP BY IP
ORDER BY connections DESC, IP
LIMIT 100
