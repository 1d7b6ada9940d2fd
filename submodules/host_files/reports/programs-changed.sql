-- title: Programs that were changed
-- question: Were binaries or libraries replaced? On a honeypot that nobody updates, each is worth a look.
-- column: path = path in the container
-- column: changes = how often it was changed
-- column: last_seen = the newest
-- chart: table
SELECT path, count() AS changes, max(detect_ts) AS last_seen
FROM host_files_changes
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind IN ('created', 'changed', 'attributes', 'deleted') AND match(path, '^/(usr/)?(local/)?(s?bin|lib[0-9x]*)/')
GROUP BY path
ORDER BY last_seen DESC, path
LIMIT 200
