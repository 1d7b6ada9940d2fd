-- title: Sources
-- question: Who connects?
-- column: src_ip = the attacker's address
-- column: sessions = connections
-- column: sources = different addresses
-- chart: bar src_ip sessions
SELECT src_ip, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM adbhoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'adbhoney.session.connect'
GROUP BY src_ip
ORDER BY sessions DESC, src_ip
LIMIT 100
