-- title: Methods and kinds
-- question: By which methods is asked, and what does IPPHoney take it for?
-- column: request = method of the request
-- column: eventid = what IPPHoney takes it for
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT request, eventid, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ipphoney_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND request != ''
GROUP BY request, eventid
ORDER BY requests DESC, request, eventid
LIMIT 100
