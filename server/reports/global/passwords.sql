-- title: Passwords
-- question: Which passwords are tried? Long or odd ones near the top belong to one botnet or one product.
-- group: Credentials
-- column: password = password
-- column: events = attempts with it
-- chart: bar password events
SELECT value AS password, events FROM ({{count password}}) WHERE password != ''
ORDER BY events DESC, password
LIMIT 200
