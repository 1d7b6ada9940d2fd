-- title: Sources
-- question: Who comes?
-- column: source_ip = the attacker's address
-- column: sessions = sessions
-- column: sources = different addresses
-- chart: bar source_ip sessions
SELECT source_ip, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM mhn_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY source_ip
ORDER BY sessions DESC, source_ip
LIMIT 100
