-- title: How long sessions last
-- question: How long do they stay? Seconds are scripts; minutes with input are people.
-- column: length = length of the session
-- column: sessions = sessions that ended
-- column: with_input = of them with something typed
-- chart: bar length sessions
SELECT
  multiIf(seconds < 1, '1: under a second', seconds < 10, '2: under 10 s', seconds < 60, '3: under a minute',
    seconds < 600, '4: under 10 minutes', '5: longer') AS length,
  count() AS sessions,
  countIf(id GLOBAL IN (SELECT session FROM kippo_input WHERE sensor_id IN {sensors:Array(UInt32)})) AS with_input
FROM (
  SELECT id, max(dateDiff('second', parseDateTimeBestEffortOrZero(starttime), parseDateTimeBestEffortOrZero(endtime))) AS seconds
  FROM kippo_sessions
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND endtime != ''
  GROUP BY sensor_id, generation, id
)
GROUP BY length
ORDER BY length
LIMIT 5
