-- title: SNMP: what is read and written
-- question: Which objects are asked for? A Set is an attempt to change the device.
-- column: event_type = version and request
-- column: oid = object that was asked for
-- column: requests = requests for it
-- column: sources = different addresses
-- chart: table
SELECT event_type, JSONExtractString(request, 'oid') AS oid, count() AS requests, uniqExact(attacker_ip) AS sources
FROM conpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND data_type = 'snmp'
GROUP BY event_type, oid
ORDER BY requests DESC, event_type, oid
LIMIT 100
