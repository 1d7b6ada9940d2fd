-- title: Sources
-- question: Whose sessions are there? Only those that were let in have a log.
-- column: peer_ip = the attacker's address
-- column: sessions = sessions
-- column: sources = different addresses
-- chart: bar peer_ip sessions
SELECT peer_ip, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM honssh_session
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'Incoming Connection'
GROUP BY peer_ip
ORDER BY sessions DESC, peer_ip
LIMIT 100
