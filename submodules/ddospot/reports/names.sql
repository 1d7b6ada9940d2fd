-- title: Names of DNS
-- question: Which names are asked for?
-- column: dns_name = name
-- column: dns_type = type of record
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT dns_name, dns_type, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ddospot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND pot = 'dns'
GROUP BY dns_name, dns_type
ORDER BY requests DESC, dns_name, dns_type
LIMIT 100
