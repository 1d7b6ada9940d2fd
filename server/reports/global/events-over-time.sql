-- title: Events by service over time
-- question: How much came, and against what? A step in one line alone is a campaign or a change of the honeypot.
-- group: Over time
-- column: time = begin of the interval
-- column: events = events in it
-- column: service = service that was attacked; empty where the sensor names none
-- chart: series time events service
SELECT toDateTime(value.1, 'UTC') AS time, sum(events) AS events, value.2 AS service
FROM ({{count bucket service}})
GROUP BY time, service
ORDER BY time, service
LIMIT 20000
