-- title: Attacks
-- question: What does TANNER take the requests for? index and unknown are no attack that it knows.
-- column: detection_name = attack or kind of page
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar detection_name requests
SELECT detection_name, count() AS requests, uniqExact(attacker_ip) AS sources
FROM tanner_report
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY detection_name
ORDER BY requests DESC, detection_name
LIMIT 100
