-- title: Sources
-- question: Who asks?
-- column: src_ip = the attacker's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar src_ip requests
SELECT src_ip, count() AS requests, uniqExact(attacker_ip) AS sources
FROM wordpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY src_ip
ORDER BY requests DESC, src_ip
LIMIT 100
