-- Sessions that a terminal recording is of: recordings.sql the other way round.
SELECT DISTINCT session
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
WHERE recorded.taken_sha256 = {sha256:String}
ORDER BY session
LIMIT 50
