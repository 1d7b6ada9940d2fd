-- title: RDP
-- question: Which user names and clients do RDP connections carry?
-- column: cookie = cookie of the request
-- column: client_name = name of the client
-- column: rdfp = RDFP of the client
-- column: times = times that it was seen
-- column: sources = different addresses
-- chart: table
SELECT rdp_cookie AS cookie, rdp_clientName AS client_name, rdp_rdfp AS rdfp, count() AS times, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND protocol = 'rdp' AND rdp_cookie != ''
GROUP BY cookie, client_name, rdfp
ORDER BY times DESC, cookie, client_name, rdfp
LIMIT 100
