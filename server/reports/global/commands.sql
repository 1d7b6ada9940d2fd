-- title: Commands
-- question: What is typed once inside?
-- group: Inside
-- column: command = command as it was sent
-- column: events = times
-- chart: table
SELECT value AS command, events FROM ({{count command}}) WHERE command != ''
ORDER BY events DESC, command
LIMIT 200
