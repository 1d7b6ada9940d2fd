-- title: Sources
-- question: Who speaks to it?
-- column: src_ip = the attacker's address
-- column: commands = commands
-- column: sources = different addresses
-- chart: bar src_ip commands
SELECT src_ip, count() AS commands, uniqExact(attacker_ip) AS sources
FROM mailoney_commands
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY src_ip
ORDER BY commands DESC, src_ip
LIMIT 100
