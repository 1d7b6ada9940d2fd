-- title: Signatures
-- question: Which rules and exploits did sensors name? Counts every vantage: an IDS beside a honeypot names what the honeypot cannot.
-- group: Targets
-- column: signature = rule, exploit or vulnerability
-- column: events = events
-- column: sources = different addresses
-- chart: bar signature events
-- vantage: any
SELECT signature, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND signature != ''
GROUP BY signature
ORDER BY events DESC, signature
LIMIT 200
