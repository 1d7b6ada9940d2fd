-- title: New countries
-- question: Which countries had never sent anything before, to these sensors?
-- group: New
-- column: attacker_country = country, first seen in the period
-- column: events = events with it in the period
-- chart: table
SELECT toString(value) AS attacker_country, events
FROM ({{count attacker_country}})
WHERE value != '' AND value GLOBAL NOT IN (SELECT value FROM ({{count_before attacker_country}}))
ORDER BY events DESC, attacker_country
LIMIT 500
