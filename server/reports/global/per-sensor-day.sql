-- title: Events and sources per sensor-day
-- question: What does a sensor see on a day on which it was up? Only measured up-time counts, so that an outage is not taken for calm.
-- group: Sensors
-- column: sensor = sensor
-- column: days_up = days for which its collector and honeypot were known to be alive in the period
-- column: events = events
-- column: events_per_day = events for each day of up-time; 0 where no up-time was measured
-- column: sources_per_day = different addresses for each day of up-time; 0 where no up-time was measured
-- chart: bar sensor events_per_day
SELECT
  sensor_id AS sensor,
  round(transform(sensor, {up_sensors:Array(UInt32)}, {up_days:Array(Float64)}, toFloat64(0)), 2) AS days_up,
  count() AS events,
  if(days_up > 0, round(events / days_up, 1), 0) AS events_per_day,
  if(days_up > 0, round(uniqExact(attacker_ip) / days_up, 1), 0) AS sources_per_day
FROM event
WHERE {{events}}
GROUP BY sensor
ORDER BY events_per_day DESC, sensor
LIMIT 1000
