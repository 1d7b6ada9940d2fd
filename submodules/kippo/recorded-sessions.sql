-- Sessions that a terminal recording is of: recordings.sql the other way round. Only what is as long is hashed.
SELECT DISTINCT session
FROM kippo_ttylog
WHERE sensor_id = {sensor:UInt32} AND session != ''
  AND length(ttylog) GLOBAL IN (
    SELECT size FROM kippo_recordings WHERE sensor_id = {sensor:UInt32} AND taken_sha256 = {sha256:String}
  )
  AND lower(hex(SHA256(ttylog))) GLOBAL IN (
    SELECT sha256 FROM kippo_recordings WHERE sensor_id = {sensor:UInt32} AND taken_sha256 = {sha256:String}
  )
ORDER BY session
LIMIT 50
