-- title: Classifications
-- question: What do the analyzers report most?
-- column: classification = name of the alert
-- column: analyzer = who reported it
-- column: severity = as the analyzer puts it
-- column: alerts = how many
-- column: sources = different first sources
-- chart: bar classification alerts
SELECT classification, if(analyzerid = '', analyzer_name, analyzerid) AS analyzer, severity, count() AS alerts,
  uniqExact(attacker_ip) AS sources
FROM idmef_messages
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'alert'
GROUP BY classification, analyzer, severity
ORDER BY alerts DESC, classification, analyzer, severity
LIMIT 100
