-- title: Categories
-- question: What kinds of attacks are seen?
-- column: category = classification of the rule
-- column: alerts = alerts of it
-- column: sources = different addresses
-- chart: bar category alerts
SELECT alert_category AS category, count() AS alerts, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_type = 'alert'
GROUP BY category
ORDER BY alerts DESC, category
LIMIT 100
