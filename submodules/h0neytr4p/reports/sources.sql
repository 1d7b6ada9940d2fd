-- title: Sources
-- question: Who asks?
-- column: src_ip = the client's address, or what it said
-- column: claimed = whether the client said so itself
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT src_ip, header_x_forwarded_for != '' AS claimed, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY src_ip, claimed
ORDER BY requests DESC, src_ip, claimed
LIMIT 100
