-- title: Countries
-- question: Where do the addresses lie? That is where machines were hired or taken, seldom where the attacker is.
-- group: Sources
-- column: attacker_country = country of the address when it came
-- column: events = events
-- chart: map attacker_country events
SELECT toString(value) AS attacker_country, events FROM ({{count attacker_country}}) WHERE value != ''
ORDER BY events DESC, attacker_country
LIMIT 300
