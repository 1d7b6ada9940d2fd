-- title: Changed files
-- question: What was changed, made or deleted?
-- column: detect_ts = when it was noticed
-- column: kind = created, changed, attributes or deleted
-- column: path = path in the container
-- column: type = kind of file
-- column: size = bytes
-- column: sha256 = hash where it was taken
-- chart: table
SELECT detect_ts, kind, path, type, size, sha256
FROM host_files_changes
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind IN ('created', 'changed', 'attributes', 'deleted')
ORDER BY detect_ts DESC, path, kind, type, size, sha256
LIMIT 500
