-- title: Countries and ports
-- question: Which ports does each country's noise go to? A pair that stands out alone is one botnet.
-- group: Sources
-- column: attacker_country = country of the address
-- column: destination_port = port of the honeypot
-- column: events = events
-- chart: heat destination_port attacker_country events
SELECT attacker_country, destination_port, count() AS events
FROM event
WHERE {{events}} AND attacker_country != '' AND destination_port > 0
GROUP BY attacker_country, destination_port
ORDER BY events DESC, attacker_country, destination_port
LIMIT 200
