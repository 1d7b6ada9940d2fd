-- title: Memory and processes
-- question: How much memory is in use, by how many processes?
-- column: minute = minute in UTC
-- column: memory_bytes_max = highest reading of memory in use
-- column: processes_max = most processes
-- chart: line minute memory_bytes_max processes_max
SELECT toStartOfMinute(detect_ts) AS minute, max(memory_bytes) AS memory_bytes_max, max(processes) AS processes_max
FROM host_resources_readings
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'reading'
GROUP BY minute
ORDER BY minute
LIMIT 10000
