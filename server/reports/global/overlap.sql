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
  lists AS (
    SELECT list, count() AS sources
    FROM (
      SELECT arraySort(groupUniqArray(sensor_id)) AS list FROM ({{rows sensor_id attacker_ip}})
      WHERE attacker_ip != toIPv6('::') GROUP BY attacker_ip
    )
    GROUP BY list
  ),
  (
    SELECT groupArray(largest)
    FROM (SELECT arrayJoin(list) AS largest FROM lists GROUP BY largest ORDER BY sum(sources) DESC, largest LIMIT 60)
  ) AS compared
SELECT sensor, other, both, share
FROM (
  SELECT sensor, other, both, round(both / sum(if(sensor = other, both, 0)) OVER (PARTITION BY sensor), 4) AS share
  FROM (
    SELECT sensor, arrayJoin(others) AS other, sum(sources) AS both
    FROM (SELECT arrayJoin(others) AS sensor, others, sources FROM (SELECT arrayIntersect(list, compared) AS others, sources FROM lists))
    GROUP BY sensor, other
  )
)
WHERE sensor != other
ORDER BY sensor, other
LIMIT 4000
