-- title: Probes (text)
-- question: What is asked for, by the text log?
-- column: message = what was seen
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar message requests
SELECT message, count() AS requests, uniqExact(attacker_ip) AS sources
FROM wordpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND startsWith(message, 'probed')
GROUP BY message
ORDER BY requests DESC, message
LIMIT 100
