-- title: Vulnerabilities
-- question: Which vulnerabilities do the rules name?
-- column: vulnerability = CVE that the rule names
-- column: alerts = alerts that name it
-- column: sources = different addresses
-- chart: bar vulnerability alerts
SELECT cve AS vulnerability, count() AS alerts, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_type = 'alert' AND cve != ''
GROUP BY vulnerability
ORDER BY alerts DESC, vulnerability
LIMIT 100
