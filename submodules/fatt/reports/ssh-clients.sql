-- title: SSH clients
-- question: Which programs do SSH clients say they are?
-- column: ssh_client = version of the client
-- column: packets = packets with it
-- column: sources = different addresses
-- chart: bar ssh_client packets
SELECT ssh_client, count() AS packets, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND ssh_client != ''
GROUP BY ssh_client
ORDER BY packets DESC, ssh_client
LIMIT 100
