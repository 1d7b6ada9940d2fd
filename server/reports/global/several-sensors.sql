-- title: Attackers on several sensors
-- question: Who came to more than one sensor? They scan broadly, or know the honeynet.
-- group: Sources
-- column: attacker_ip = source
-- column: sensors = sensors that saw it
-- column: events = events of it
-- chart: table
SELECT attacker_ip, length(groupUniqArray(sensor_id)) AS sensors, sum(events) AS events
FROM ({{rows sensor_id attacker_ip}})
WHERE attacker_ip != toIPv6('::')
GROUP BY attacker_ip
HAVING sensors > 1
ORDER BY sensors DESC, events DESC, attacker_ip
LIMIT 200
