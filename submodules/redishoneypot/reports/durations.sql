-- title: Time on the honeypot
-- question: How long do clients stay?
-- column: src_ip = the attacker's address
-- column: longest = longest connection, in seconds
-- column: lines = lines
-- column: sources = different addresses
-- chart: table
SELECT src_ip, round(max(session_duration), 3) AS longest, count() AS lines, uniqExact(attacker_ip) AS sources
FROM redishoneypot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND session_duration > 0
GROUP BY src_ip
ORDER BY lines DESC, src_ip
LIMIT 100
