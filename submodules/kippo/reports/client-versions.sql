-- title: SSH clients
-- question: Which programs connect? Libraries such as libssh and paramiko are scripts; PuTTY and OpenSSH may be people.
-- column: client = the client's SSH version string
-- column: sessions = connections
-- column: sources = different addresses
-- chart: bar client sessions
SELECT named.client AS client, uniqExact(seen.id) AS sessions, uniqExact(seen.attacker_ip) AS sources
FROM (
  SELECT sensor_id, generation, client, id, attacker_ip FROM kippo_sessions
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND client != 0
) AS seen
GLOBAL ANY INNER JOIN (
  SELECT sensor_id, generation, id, client_version AS client FROM `kippo_clients` WHERE sensor_id IN {sensors:Array(UInt32)}
) AS named ON named.sensor_id = seen.sensor_id AND named.generation = seen.generation AND named.id = seen.client
GROUP BY client
ORDER BY sessions DESC, client
LIMIT 100
