-- title: Pairs of user name and password
-- question: Which log-ins are tried as pairs? A rare pair used by many sources is a botnet's own.
-- group: Credentials
-- column: username = user name
-- column: password = password
-- column: events = attempts with both
-- column: sources = different addresses that tried it
-- chart: table
SELECT username, password, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND action = 'authenticate' AND password != '' AND cityHash64(username, password) GLOBAL IN (
  SELECT cityHash64(username, password) FROM event
  WHERE {{events}} AND action = 'authenticate' AND password != ''
  GROUP BY cityHash64(username, password) ORDER BY count() DESC LIMIT 200 WITH TIES
)
GROUP BY username, password
ORDER BY events DESC, username, password
LIMIT 200
