-- Terminal recordings of a session. HonSSH names a file after its channel and the moment at which it was made, which is
-- soon after the log says that the channel was opened: it is of the session of its folder's address whose channel of that
-- name was opened last before. Both times are as written, without their century so that they are numbers of 64 bits.
SELECT DISTINCT taken_sha256
FROM (
  SELECT taken_sha256, file[1] AS address, file[3] AS channel, toUInt64OrZero(replaceAll(substring(file[2], 3), '_', '')) AS began
  FROM (
    SELECT taken_sha256, extractGroups(path, '([0-9a-fA-F.:]+)/([0-9]{8}_[0-9]{6}_[0-9]{6})_([A-Z]+[0-9]+)[.]tty$') AS file
    FROM honssh_ttylogs
    WHERE sensor_id = {sensor:UInt32}
  )
  WHERE notEmpty(file)
) AS recorded
ASOF JOIN (
  SELECT session, peer_ip AS address, channel, toUInt64OrZero(replaceAll(substring(raw, 3, 20), '_', '')) AS opened
  FROM honssh_session
  WHERE sensor_id = {sensor:UInt32} AND what = 'Opened Channel' AND session != ''
) AS log ON recorded.address = log.address AND recorded.channel = log.channel AND recorded.began >= log.opened
WHERE log.session = {session:String}
ORDER BY taken_sha256
LIMIT 50
