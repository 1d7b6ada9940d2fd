-- title: Statements that changed what was recorded
-- question: Did anybody but Kippo write to its database? Deletions after a break-in hide what was done.
-- column: time = when
-- column: verb = what it does
-- column: target = database and table
-- column: statement = its text, or what it changed
-- column: changed = rows that it changed, where they are known
-- chart: table
SELECT detect_ts AS time, verb, concat(database, '.', `table`) AS target, if(sql = '', images, sql) AS statement, `rows` AS changed
FROM kippo_statements
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
ORDER BY time, log, position, statement
LIMIT 1000
