-- title: Honeypots
-- question: Which program saw how much?
-- column: honeypot = program that saw it
-- column: protocol = what was spoken
-- column: sessions = sessions
-- column: sources = different addresses
-- chart: table
SELECT honeypot, protocol, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM mhn_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY honeypot, protocol
ORDER BY sessions DESC, honeypot, protocol
LIMIT 100
