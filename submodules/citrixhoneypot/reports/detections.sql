-- title: Detections
-- question: Which steps of CVE-2019-19781 did the honeypot see?
-- column: message = what it saw
-- column: times = times that it saw it
-- column: sources = different addresses
-- chart: bar message times
SELECT message, count() AS times, uniqExact(attacker_ip) AS sources
FROM citrixhoneypot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'detection'
GROUP BY message
ORDER BY times DESC, message
LIMIT 100
