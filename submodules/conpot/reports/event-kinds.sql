-- title: Kinds of events
-- question: What does Conpot make of what happens?
-- column: protocol = server of Conpot
-- column: event_kind = event type of Conpot; request where it names none
-- column: times = times that it happened
-- column: sources = different addresses
-- chart: table
SELECT data_type AS protocol, if(event_type = '', 'request', toString(event_type)) AS event_kind, count() AS times, uniqExact(attacker_ip) AS sources
FROM conpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY protocol, event_kind
ORDER BY times DESC, protocol, event_kind
LIMIT 100
