-- title: Files made and deleted
-- question: Which paths were made or deleted, under the rules?
-- column: name = path
-- column: nametype = CREATE or DELETE
-- column: times = times that it was
-- column: sources = different addresses
-- chart: table
SELECT name, nametype, count() AS times, uniqExact(attacker_ip) AS sources
FROM auditd_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `type` = 'PATH' AND nametype IN ('CREATE', 'DELETE')
GROUP BY name, nametype
ORDER BY times DESC, name, nametype
LIMIT 100
