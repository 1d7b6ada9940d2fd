-- title: Sources or victims
-- question: Whose address do requests carry? One with very many requests is a victim whose address is forged, one with few a scanner.
-- column: src_ip = sender of the requests
-- column: pot = protocol
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT src_ip, pot, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ddospot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND pot != ''
GROUP BY src_ip, pot
ORDER BY requests DESC, src_ip, pot
LIMIT 100
