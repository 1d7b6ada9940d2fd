-- title: Kinds of lines
-- question: What does the honeypot tell of: requests, bodies, payloads, detections?
-- column: kind = kind of the line; program where it speaks of itself
-- column: lines = lines
-- column: sources = different addresses
-- chart: bar kind lines
SELECT if(what = '', 'program', what) AS kind, count() AS lines, uniqExact(attacker_ip) AS sources
FROM citrixhoneypot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY kind
ORDER BY lines DESC, kind
LIMIT 100
