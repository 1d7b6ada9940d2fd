-- title: Top signatures
-- question: Which rules match most? A rule that matches everybody is noise.
-- column: signature = name of the rule
-- column: signature_id = its number
-- column: alerts = times that it matched
-- column: sources = different addresses
-- chart: bar signature alerts
SELECT alert_signature AS signature, alert_signature_id AS signature_id, count() AS alerts, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_type = 'alert'
GROUP BY signature, signature_id
ORDER BY alerts DESC, signature, signature_id
LIMIT 100
