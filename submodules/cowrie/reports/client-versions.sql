-- title: SSH clients
-- question: What do the clients call themselves? libssh and Go are tools, OpenSSH and PuTTY may be people, or tools that say so.
-- column: version = the client's version string
-- column: connections = connections with it
-- column: sources = different addresses with it
-- chart: bar version connections
SELECT client AS version, uniqExact(sensor_id, session) AS connections, uniqExact(attacker_ip) AS sources
FROM ({{use clients}})
GROUP BY version
ORDER BY connections DESC, version
LIMIT 100
