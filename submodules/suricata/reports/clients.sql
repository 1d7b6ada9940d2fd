-- title: Clients
-- question: What do clients call themselves, over HTTP and SSH?
-- column: client = user agent, or software of SSH
-- column: lines = lines with it
-- column: sources = different addresses
-- chart: bar client lines
SELECT if(http_user_agent = '', ssh_client, http_user_agent) AS client, count() AS lines, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (http_user_agent != '' OR ssh_client != '')
GROUP BY client
ORDER BY lines DESC, client
LIMIT 100
