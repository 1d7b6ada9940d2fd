-- title: Log-ins let in and refused
-- question: How many log-ins does the honeypot let in? A high share means that its accounts are known or easy.
-- column: result = let in or refused
-- column: attempts = log-ins
-- column: sources = different addresses
-- chart: bar result attempts
SELECT if(success = 1, 'let in', 'refused') AS result, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM ({{use log_ins}})
GROUP BY result
ORDER BY result
LIMIT 2
