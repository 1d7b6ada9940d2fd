-- title: Commands to MS SQL
-- question: What is sent to the database? xp_cmdshell and OLE automation are attempts to run programs.
-- column: command = the SQL
-- column: times = how often
-- column: sources = different addresses
-- chart: table
SELECT mssql_command_cmd AS command, count() AS times, uniqExact(attacker_ip) AS sources
FROM dionaea_mssql_commands
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT bitTest(flags, 3)
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
