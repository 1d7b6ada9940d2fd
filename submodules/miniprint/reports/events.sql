-- title: Events
-- question: What is done to the printer?
-- column: event_ = what happened
-- column: times = times that it happened
-- column: sources = different addresses
-- chart: bar event_ times
SELECT event_, count() AS times, uniqExact(attacker_ip) AS sources
FROM miniprint_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_ != ''
GROUP BY event_
ORDER BY times DESC, event_
LIMIT 100
