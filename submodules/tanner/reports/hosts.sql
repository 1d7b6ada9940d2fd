-- title: Hosts that are asked for
-- question: Under which names is the honeypot spoken to?
-- column: host = Host of the request
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar host requests
SELECT headers['host'] AS host, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND headers['host'] != ''
GROUP BY host
ORDER BY requests DESC, host
LIMIT 100
