-- title: What one more sensor adds
-- question: Sources that this sensor alone saw. A sensor with none could be moved without loss.
-- group: Sensors
-- column: sensor = sensor
-- column: addresses = different addresses that it saw
-- column: alone = those that no other sensor saw
-- column: share = alone, as a part of its sources
-- chart: bar sensor alone
SELECT sensor, sum(of_list) AS addresses, sumIf(of_list, length(list) = 1) AS alone, round(alone / addresses, 4) AS share
FROM (
  SELECT list, count() AS of_list
  FROM (
    SELECT arraySort(groupUniqArray(sensor_id)) AS list FROM ({{rows sensor_id attacker_ip}})
    WHERE attacker_ip != toIPv6('::') GROUP BY attacker_ip
  )
  GROUP BY list
)
ARRAY JOIN list AS sensor
GROUP BY sensor
ORDER BY alone DESC, sensor
LIMIT 1000
