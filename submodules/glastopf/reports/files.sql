-- title: Files
-- question: Which files were fetched, by which request?
-- column: filename = MD5 of the file
-- column: request_url = request that named it
-- column: times = times that it was fetched
-- column: sources = different addresses
-- chart: table
SELECT filename, request_url, count() AS times, uniqExact(attacker_ip) AS sources
FROM glastopf_events
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND filename != ''
GROUP BY filename, request_url
ORDER BY times DESC, filename, request_url
LIMIT 100
