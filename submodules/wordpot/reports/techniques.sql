-- title: Techniques
-- question: What does Wordpot take requests for?
-- column: technique = what Wordpot takes it for
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar technique requests
SELECT technique, count() AS requests, uniqExact(attacker_ip) AS sources
FROM wordpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND technique != ''
GROUP BY technique
ORDER BY requests DESC, technique
LIMIT 100
