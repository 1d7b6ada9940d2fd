-- title: Processes that ate the CPU
-- question: What kept the honeypot busy?
-- column: detect_ts = when it was noticed
-- column: container = the container
-- column: process = name of the process
-- column: command = its command line
-- column: cpu_share = share of one processor that the container used
-- chart: table
SELECT detect_ts, container, process, command, cpu_share
FROM host_resources_readings
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'cpu_busy'
ORDER BY detect_ts DESC, container, process, command, cpu_share
LIMIT 200
