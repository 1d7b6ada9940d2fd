-- title: Sources
-- question: Who connects?
-- column: src_ip = the attacker's address
-- column: connections = connections
-- column: sources = different addresses
-- chart: bar src_ip connections
SELECT src_ip, count() AS connections, uniqExact(attacker_ip) AS sources
FROM miniprint_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_ IN ('connection', 'empty_connection')
GROUP BY src_ip
ORDER BY connections DESC, src_ip
LIMIT 100
