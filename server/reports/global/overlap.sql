-- title: Overlap of sensors
-- question: Who sees whom? The share of one sensor's sources that another saw too: near 1, one of the two tells nothing new.
-- group: Sensors
-- column: sensor = sensor
-- column: other = another sensor
-- column: both = sources that both saw
-- column: share = of the first one's sources, the part that the other saw too
-- chart: heat sensor other share
-- link: other=sensor
WITH
  seen AS (SELECT value.1 AS sensor, value.2 AS source FROM ({{count sensor_id attacker_ip}}) WHERE value.2 != toIPv6('::')),
  sizes AS (SELECT sensor, count() AS sources FROM seen GROUP BY sensor ORDER BY sources DESC, sensor LIMIT 60),
  pairs AS (
    SELECT sensor, arrayJoin(others) AS other, count() AS both
    FROM (
      SELECT arrayJoin(others) AS sensor, others
      FROM (
        SELECT groupUniqArray(sensor) AS others FROM seen
        WHERE sensor IN (SELECT sensor FROM sizes) GROUP BY source HAVING length(others) > 1
      )
    )
    GROUP BY sensor, other
  )
SELECT sensor, other, both, round(both / sources, 4) AS share
FROM pairs INNER JOIN sizes USING (sensor)
WHERE sensor != other
ORDER BY sensor, other
LIMIT 4000
