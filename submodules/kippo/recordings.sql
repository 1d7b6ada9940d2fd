-- Terminal recordings of a session. Kippo names them by time only, but keeps the same bytes, up to 10 MB, in its
-- database.
SELECT DISTINCT taken_sha256
FROM kippo_recordings
WHERE sensor_id = {sensor:UInt32} AND sha256 GLOBAL IN (
  SELECT lower(hex(SHA256(ttylog))) FROM kippo_ttylog
  WHERE sensor_id = {sensor:UInt32} AND session = {session:String}
)
ORDER BY taken_sha256
LIMIT 50
