-- title: Hosts that are asked for
-- question: Under which names is the honeypot spoken to?
-- column: hostname = name that was asked for
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar hostname requests
SELECT hostname, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND hostname != ''
GROUP BY hostname
ORDER BY requests DESC, hostname
LIMIT 100
