-- title: Files that are sent
-- question: Which files do clients send?
-- column: payload_filename = where H0neytr4p keeps it
-- column: payload_mime_type = its type, as the client says
-- column: times = times that one was sent
-- column: sources = different addresses
-- chart: table
SELECT payload_filename, payload_mime_type, count() AS times, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND payload_filename != ''
GROUP BY payload_filename, payload_mime_type
ORDER BY times DESC, payload_filename, payload_mime_type
LIMIT 100
