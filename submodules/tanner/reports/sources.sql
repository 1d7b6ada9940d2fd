-- title: Sources
-- question: Who asks?
-- column: peer_ip = the attacker's address
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar peer_ip requests
SELECT peer_ip, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY peer_ip
ORDER BY requests DESC, peer_ip
LIMIT 100
