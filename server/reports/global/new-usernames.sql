-- title: New user names
-- question: Which accounts were tried that had never been before, on these sensors? Names of a new product here are the first sign of its hole.
-- group: New
-- column: username = user name, first seen in the period
-- column: events = events with it in the period
-- chart: table
SELECT value AS username, events
FROM ({{count username}})
WHERE value != '' AND value GLOBAL NOT IN (SELECT value FROM ({{count_before username}}))
ORDER BY events DESC, username
LIMIT 500
