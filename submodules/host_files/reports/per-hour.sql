-- title: Changes per hour
-- question: When is something changed?
-- column: hour = hour in UTC
-- column: created = new files
-- column: changed = changed files, and their attributes
-- column: deleted = files that are gone
-- chart: line hour created changed deleted
SELECT toStartOfHour(detect_ts) AS hour, countIf(kind = 'created') AS created,
  countIf(kind IN ('changed', 'attributes')) AS changed, countIf(kind = 'deleted') AS deleted
FROM host_files_changes
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY hour
ORDER BY hour
LIMIT 10000
