-- title: SSH clients
-- question: What do the clients call themselves? libssh and Go are tools, OpenSSH and PuTTY may be people, or tools that say so.
-- column: version = the client's version string
-- column: connections = connections with it
-- column: sources = different addresses with it
-- chart: bar version connections
SELECT version_ AS version, count() AS connections, uniqExact(attacker_ip) AS sources
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'cowrie.client.version'
GROUP BY version
ORDER BY connections DESC, version
LIMIT 100
