-- Terminal recordings of a session. Cowrie says in `cowrie.log.closed`, or in the table ttylog, under which name it
-- keeps each; until 2.x the hash in that name is of what was typed, and no hash of the file.
SELECT DISTINCT taken_sha256
FROM cowrie_ttylogs
WHERE sensor_id = {sensor:UInt32} AND splitByChar('/', path)[-1] GLOBAL IN (
  SELECT splitByChar('/', ttylog)[-1] FROM cowrie_json
  WHERE sensor_id = {sensor:UInt32} AND session = {session:String} AND eventid = 'cowrie.log.closed' AND ttylog != ''
  UNION ALL
  SELECT splitByChar('/', ttylog)[-1] FROM cowrie_db_ttylog
  WHERE sensor_id = {sensor:UInt32} AND session = {session:String} AND ttylog != ''
)
ORDER BY taken_sha256
LIMIT 50
