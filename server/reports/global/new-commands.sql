-- title: New commands
-- question: Which commands had never been typed before, on these sensors? A new worm shows here on its first day.
-- group: New
-- column: command = command, first seen in the period
-- column: events = events with it in the period
-- chart: table
SELECT value AS command, events
FROM ({{count command}})
WHERE value != '' AND value GLOBAL NOT IN (SELECT value FROM ({{count_before command}}))
ORDER BY events DESC, command
LIMIT 500
