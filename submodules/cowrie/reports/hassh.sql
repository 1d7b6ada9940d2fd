-- title: HASSH
-- question: Which SSH implementations connect, whatever they call themselves? Cowrie writes HASSH since 1.5.
-- column: hassh = MD5 of what the client offered in the key exchange
-- column: connections = connections with it
-- column: sources = different addresses with it
-- column: algorithms = what it offered
-- chart: bar hassh connections
SELECT hassh, count() AS connections, uniqExact(attacker_ip) AS sources, min(hasshAlgorithms) AS algorithms
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'cowrie.client.kex' AND hassh != ''
GROUP BY hassh
ORDER BY connections DESC, hassh
LIMIT 100
