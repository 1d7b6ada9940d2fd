-- title: New passwords
-- question: Which passwords had never been tried before, on these sensors? A leaked list shows here first.
-- group: New
-- column: password = password, first seen in the period
-- column: events = events with it in the period
-- chart: table
SELECT value AS password, events
FROM ({{count password}})
WHERE value != '' AND value GLOBAL NOT IN (SELECT value FROM ({{count_before password}}))
ORDER BY events DESC, password
LIMIT 500
