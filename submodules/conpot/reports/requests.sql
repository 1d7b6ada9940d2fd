-- title: Requests
-- question: What is asked of it?
-- column: protocol = server of Conpot
-- column: event_type = what Conpot made of the request
-- column: request = the request, cut to 200 characters
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT data_type AS protocol, event_type, substringUTF8(request, 1, 200) AS request, count() AS times, uniqExact(attacker_ip) AS sources
FROM (
  SELECT data_type, event_type, request, attacker_ip FROM conpot_json
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  UNION ALL
  SELECT protocol AS data_type, event_type, request, attacker_ip FROM conpot_db_events
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND request != 'None' AND event_type = ''
)
WHERE request != '' AND event_type != 'RESPONSE'
GROUP BY protocol, event_type, request
ORDER BY times DESC, protocol, event_type, request
LIMIT 100
