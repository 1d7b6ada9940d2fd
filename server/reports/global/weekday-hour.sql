-- title: Weekday and hour
-- question: Is there a working week in it? Machines never sleep; people show as a band of hours (UTC).
-- group: Over time
-- column: hour = hour of the day, UTC
-- column: weekday = day of the week
-- column: events = events in that hour of all such days
-- chart: heat hour weekday events
SELECT
  toHour(time) AS hour,
  ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][toDayOfWeek(time)] AS weekday,
  sum(counted) AS events
FROM (SELECT toDateTime(value, 'UTC') AS time, events AS counted FROM ({{count hour}}))
GROUP BY hour, weekday, toDayOfWeek(time)
ORDER BY toDayOfWeek(time), hour
LIMIT 168
