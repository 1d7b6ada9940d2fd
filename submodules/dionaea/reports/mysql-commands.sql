-- title: Commands to MySQL
-- question: What is sent to the database? INTO OUTFILE and user-defined functions are attempts to write and run programs.
-- column: command = the SQL, or the argument of COM_INIT_DB and COM_FIELD_LIST
-- column: times = how often
-- column: sources = different addresses; 0 where the connection is not known
-- chart: table
SELECT mysql_command_arg_data AS command, count() AS times,
  uniqExactIf(attacker_ip, attacker_ip != toIPv6('::')) AS sources
FROM dionaea_mysql_command_args
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT bitTest(flags, 3) AND mysql_command_arg_index = 0
GROUP BY command
ORDER BY times DESC, command
LIMIT 100
