-- title: Pairs that were let in
-- question: With what did they get in? Pairs that work and are not common were learnt somewhere.
-- group: Credentials
-- column: service = service
-- column: username = user name
-- column: password = password
-- column: events = successes
-- column: sources = different addresses
-- only: action=authenticate outcome=success
-- chart: table
SELECT toString(service) AS service, username, password, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND action = 'authenticate' AND outcome = 'success'
GROUP BY service, username, password
ORDER BY events DESC, service, username, password
LIMIT 200
