-- title: Services
-- question: What is attacked, and by how many?
-- group: Targets
-- column: service = service; empty where the sensor names none
-- column: events = events
-- column: sources = different addresses
-- chart: bar service events
SELECT toString(service) AS service, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}}
GROUP BY service
ORDER BY events DESC, service
LIMIT 200
