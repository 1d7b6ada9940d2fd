-- title: User names
-- question: Which accounts are tried? Names of products tell what is looked for.
-- group: Credentials
-- column: username = user name
-- column: events = attempts with it
-- chart: bar username events
SELECT value AS username, events FROM ({{count username}}) WHERE username != ''
ORDER BY events DESC, username
LIMIT 200
