-- title: Forwarded connections
-- question: Where do visitors want to go through the honeypot? Mail ports are spam, web ports often a test of the proxy.
-- column: dst_ip = address or name that was asked for
-- column: dst_port = port that was asked for
-- column: requests = requests
-- column: sources = different addresses that asked
-- chart: table
SELECT dst_ip, dst_port, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ({{use forwards}})
GROUP BY dst_ip, dst_port
ORDER BY requests DESC, dst_ip, dst_port
LIMIT 100
