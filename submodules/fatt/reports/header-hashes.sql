-- title: Hashes of HTTP headers
-- question: Which sets of headers do clients send? One hash from many sources is one tool.
-- column: http_clientHeaderHash = MD5 of the names of the headers, in their order
-- column: headers = one of the sets
-- column: packets = packets with it
-- column: sources = different addresses
-- chart: table
SELECT http_clientHeaderHash, any(http_clientHeaderOrder) AS headers, count() AS packets, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND http_clientHeaderHash != ''
GROUP BY http_clientHeaderHash
ORDER BY packets DESC, http_clientHeaderHash
LIMIT 100
