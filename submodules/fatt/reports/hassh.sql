-- title: HASSH
-- question: Which SSH clients are there? The same HASSH from many sources is one tool.
-- column: hassh = HASSH of the client
-- column: client = its version
-- column: times = times that it was seen
-- column: sources = different addresses
-- chart: bar hassh times
SELECT ssh_hassh AS hassh, ssh_client AS client, count() AS times, uniqExact(attacker_ip) AS sources
FROM fatt_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND ssh_hassh != ''
GROUP BY hassh, client
ORDER BY times DESC, hassh, client
LIMIT 100
