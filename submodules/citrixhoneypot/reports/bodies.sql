-- title: Bodies and payloads
-- question: What is sent in requests? payload is what CVE-2019-19781 would run.
-- column: kind = body or payload
-- column: message = what was sent, cut to 200 characters
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT what AS kind, substringUTF8(message, 1, 200) AS message, count() AS times, uniqExact(attacker_ip) AS sources
FROM citrixhoneypot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what IN ('body', 'payload')
GROUP BY kind, message
ORDER BY times DESC, kind, message
LIMIT 100
