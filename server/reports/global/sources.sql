-- title: Sources
-- question: Who is loudest? Ten addresses often make most of the noise; the rest is where new things hide.
-- group: Sources
-- column: attacker_ip = source
-- column: events = events of it
-- chart: bar attacker_ip events
SELECT value AS attacker_ip, events FROM ({{count attacker_ip}}) WHERE attacker_ip != toIPv6('::')
ORDER BY events DESC, attacker_ip
LIMIT 200
