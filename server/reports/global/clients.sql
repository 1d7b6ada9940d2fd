-- title: Clients
-- question: With what do they come? The client's own name of itself, as it gives it: it may lie.
-- group: Inside
-- column: user_agent = SSH version, HTTP user agent …
-- column: events = events
-- column: sources = different addresses
-- chart: bar user_agent events
SELECT user_agent, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND user_agent != ''
GROUP BY user_agent
ORDER BY events DESC, user_agent
LIMIT 200
