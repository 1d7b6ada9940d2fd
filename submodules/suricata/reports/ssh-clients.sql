-- title: SSH clients
-- question: Which SSH clients are there?
-- column: ssh_client = software of the client
-- column: ssh_hassh = HASSH of the client
-- column: lines = lines with both
-- column: sources = different addresses
-- chart: table
SELECT ssh_client, ssh_hassh, count() AS lines, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (ssh_client != '' OR ssh_hassh != '')
GROUP BY ssh_client, ssh_hassh
ORDER BY lines DESC, ssh_client, ssh_hassh
LIMIT 100
