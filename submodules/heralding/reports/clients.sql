-- title: Clients
-- question: What do clients call themselves, over SSH and HTTP?
-- column: client = version of SSH or user agent of HTTP
-- column: sessions = sessions with it
-- column: sources = different addresses
-- chart: bar client sessions
SELECT if(protocol = 'ssh', auxiliary_data['client_version'], auxiliary_data['User-Agent']) AS client, count() AS sessions, uniqExact(attacker_ip) AS sources
FROM heralding_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND if(protocol = 'ssh', auxiliary_data['client_version'], auxiliary_data['User-Agent']) != ''
GROUP BY client
ORDER BY sessions DESC, client
LIMIT 100
