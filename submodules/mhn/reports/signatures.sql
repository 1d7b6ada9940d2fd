-- title: Signatures
-- question: Which rules matched?
-- column: signature = rule of Snort or Suricata
-- column: alerts = alerts
-- column: sources = different addresses
-- chart: bar signature alerts
SELECT signature, count() AS alerts, uniqExact(attacker_ip) AS sources
FROM mhn_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND signature != ''
GROUP BY signature
ORDER BY alerts DESC, signature
LIMIT 100
