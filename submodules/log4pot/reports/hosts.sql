-- title: Hosts that are asked for
-- question: Under which names is the honeypot spoken to?
-- column: host = Host of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar host requests
SELECT headers[arrayFirst(name -> lower(name) = 'host', mapKeys(headers))] AS host, count() AS requests, uniqExact(attacker_ip) AS sources
FROM log4pot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND type = 'request' AND arrayExists(name -> lower(name) = 'host', mapKeys(headers))
GROUP BY host
ORDER BY requests DESC, host
LIMIT 100
