-- title: Protocols
-- question: Which protocols are tried for amplification?
-- column: pot = protocol
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar pot requests
SELECT pot, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ddospot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND pot != ''
GROUP BY pot
ORDER BY requests DESC, pot
LIMIT 100
