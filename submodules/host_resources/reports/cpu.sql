-- title: CPU
-- question: How busy is the honeypot? A level that stays high is a miner, or a scan that it takes part in.
-- column: minute = minute in UTC
-- column: mean = mean share of one processor
-- column: highest = highest reading
-- chart: line minute mean highest
SELECT toStartOfMinute(detect_ts) AS minute, round(avg(cpu_share), 3) AS mean, round(max(cpu_share), 3) AS highest
FROM host_resources_readings
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'reading'
GROUP BY minute
ORDER BY minute
LIMIT 10000
