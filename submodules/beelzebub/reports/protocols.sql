-- title: Protocols
-- question: What is spoken to?
-- column: Protocol = protocol
-- column: lines = log-ins, commands, requests
-- column: sources = different addresses
-- chart: bar Protocol lines
SELECT Protocol, count() AS lines, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Protocol != '' AND Status != 'End'
GROUP BY Protocol
ORDER BY lines DESC, Protocol
LIMIT 100
