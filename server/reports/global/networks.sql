-- title: Autonomous systems
-- question: Whose networks do the sources lie in? Abuse reports go to these.
-- group: Sources
-- column: attacker_asn = number of the autonomous system
-- column: name = its name today
-- column: events = events
-- column: sources = different addresses
-- chart: bar name events
SELECT attacker_asn, dictGetOrDefault('geo_as', 'name', any(attacker_ip), '') AS name, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND attacker_asn > 0
GROUP BY attacker_asn
ORDER BY events DESC, attacker_asn
LIMIT 100
