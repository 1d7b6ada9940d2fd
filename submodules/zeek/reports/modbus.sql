-- title: Modbus
-- question: Which functions are called?
-- column: func = function
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar func requests
SELECT func, count() AS requests, uniqExact(attacker_ip) AS sources
FROM zeek_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND func != ''
GROUP BY func
ORDER BY requests DESC, func
LIMIT 100
