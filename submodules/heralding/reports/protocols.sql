-- title: Protocols
-- question: Which of its servers are spoken to? Many sessions of few sources are guessing, few of many are scans.
-- column: protocol = server of Heralding
-- column: sessions = connections to it
-- column: sources = different addresses
-- chart: bar protocol sessions
SELECT protocol, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, protocol FROM heralding_json WHERE session_id != ''
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, protocol FROM heralding_session WHERE session_id != ''
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY protocol
ORDER BY sessions DESC, protocol
LIMIT 100
