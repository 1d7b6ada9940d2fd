-- title: Files and directories
-- question: Which paths in the printer are looked at or written?
-- column: command = command of PJL
-- column: file_name = path in the printer, or name of what was printed
-- column: times = times
-- column: sources = different addresses
-- chart: table
SELECT command, file_name, count() AS times, uniqExact(attacker_ip) AS sources
FROM miniprint_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND file_name != ''
GROUP BY command, file_name
ORDER BY times DESC, command, file_name
LIMIT 100
