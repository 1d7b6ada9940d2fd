-- title: Ports
-- question: Which ports are knocked at? A port without a service of ours that climbs is a new hole somewhere.
-- group: Targets
-- column: destination_port = port
-- column: transport = tcp or udp
-- column: events = events
-- column: sources = different addresses
-- chart: bar destination_port events
SELECT destination_port, toString(transport) AS transport, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND destination_port > 0
GROUP BY destination_port, transport
ORDER BY events DESC, destination_port, transport
LIMIT 200
