-- title: Events by sensor over time
-- question: Which sensor drew what share, and when? A line that ends is a sensor that fell silent, or an attacker that left.
-- group: Over time
-- column: time = begin of the interval
-- column: events = events in it
-- column: sensor = sensor that saw them
-- chart: series time events sensor
SELECT toDateTime(value.1, 'UTC') AS time, sum(events) AS events, value.2 AS sensor
FROM ({{count bucket sensor_id}})
GROUP BY time, sensor
ORDER BY time, sensor
LIMIT 20000
