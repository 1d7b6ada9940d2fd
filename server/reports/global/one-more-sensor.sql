-- title: What one more sensor adds
-- question: Sources that this sensor alone saw. A sensor with none could be moved without loss.
-- group: Sensors
-- column: sensor = sensor
-- column: sources = different addresses that it saw
-- column: alone = those that no other sensor saw
-- column: share = alone, as a part of its sources
-- chart: bar sensor alone
SELECT sensor, count() AS sources, countIf(sensors = 1) AS alone, round(alone / sources, 4) AS share
FROM (
  SELECT arrayJoin(groupUniqArray(value.1) AS list) AS sensor, length(list) AS sensors, value.2 AS source
  FROM ({{count sensor_id attacker_ip}})
  WHERE value.2 != toIPv6('::')
  GROUP BY source
)
GROUP BY sensor
ORDER BY alone DESC, sensor
LIMIT 1000
