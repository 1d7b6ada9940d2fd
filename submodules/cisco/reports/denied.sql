-- title: Denied
-- question: What is denied, to which port?
-- column: dst_ip = destination
-- column: port = its port
-- column: proto = protocol
-- column: lines = lines about it
-- column: sources = different addresses
-- chart: table
SELECT dst_ip, dst_port AS port, proto, count() AS lines, uniqExact(attacker_ip) AS sources
FROM cisco_syslog
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND match(message, '(?i)den(y|ied)') AND dst_ip != ''
GROUP BY dst_ip, port, proto
ORDER BY lines DESC, dst_ip, port, proto
LIMIT 100
