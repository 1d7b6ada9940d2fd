-- title: Events by action over time
-- question: Does a wave only knock (probe), try keys (authenticate), or work inside (input, download)?
-- group: Over time
-- column: time = begin of the interval
-- column: events = events in it
-- column: action = what was done
-- chart: series time events action
SELECT toDateTime(value.1, 'UTC') AS time, sum(events) AS events, toString(value.2) AS action
FROM ({{count bucket action}})
GROUP BY time, action
ORDER BY time, action
LIMIT 20000
