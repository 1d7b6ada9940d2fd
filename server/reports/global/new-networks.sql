-- title: New autonomous systems
-- question: Which networks had never sent anything before, to these sensors?
-- group: New
-- column: attacker_asn = number of the autonomous system
-- column: first = first time of all
-- column: events = events with it in the period
-- chart: table
SELECT attacker_asn, min(detect_ts) AS first, count() AS events
FROM event
WHERE {{events}} AND attacker_asn != 0 AND attacker_asn GLOBAL NOT IN (SELECT attacker_asn FROM event WHERE {{events_before}})
GROUP BY attacker_asn
ORDER BY first DESC, attacker_asn
LIMIT 500
