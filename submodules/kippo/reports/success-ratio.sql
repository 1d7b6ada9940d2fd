-- title: Log-ins let in and refused
-- question: How many log-ins does the honeypot let in? A high share means that its accounts are known or easy.
-- column: result = let in or refused
-- column: attempts = log-ins
-- column: sources = different addresses
-- chart: bar result attempts
SELECT if(success = 1, 'let in', 'refused') AS result, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM kippo_auth
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY result
ORDER BY result
LIMIT 2
