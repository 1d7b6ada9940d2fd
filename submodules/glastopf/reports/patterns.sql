-- title: Patterns
-- question: What does Glastopf take the requests for? unknown is nothing that it emulates.
-- column: pattern = attack or kind of page
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar pattern requests
SELECT pattern, count() AS requests, uniqExact(attacker_ip) AS sources
FROM glastopf_events
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY pattern
ORDER BY requests DESC, pattern
LIMIT 100
