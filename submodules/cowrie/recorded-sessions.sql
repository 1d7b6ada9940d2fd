-- Sessions that a terminal recording is of: recordings.sql the other way round. Bots that do the same leave one file.
SELECT DISTINCT session
FROM (
  SELECT session, splitByChar('/', ttylog)[-1] AS name FROM cowrie_json
  WHERE sensor_id = {sensor:UInt32} AND eventid = 'cowrie.log.closed' AND ttylog != ''
  UNION ALL
  SELECT session, splitByChar('/', ttylog)[-1] AS name FROM cowrie_db_ttylog
  WHERE sensor_id = {sensor:UInt32} AND ttylog != ''
)
WHERE session != '' AND name GLOBAL IN (
  SELECT splitByChar('/', path)[-1] FROM cowrie_ttylogs
  WHERE sensor_id = {sensor:UInt32} AND taken_sha256 = {sha256:String}
)
ORDER BY session
LIMIT 50
