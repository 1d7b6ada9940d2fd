-- title: How long sessions last
-- question: Do visitors stay? Under two seconds are scans, up to a minute log-in attempts, longer ones are worth a look.
-- column: duration = length of the session
-- column: sessions = sessions that ended
-- column: sources = different addresses
-- chart: bar duration sessions
WITH multiIf(seconds < 2, 1, seconds < 10, 2, seconds < 60, 3, seconds < 600, 4, 5) AS class
SELECT ['under 2 s', '2 to 10 s', '10 to 60 s', '1 to 10 min', 'over 10 min'][class] AS duration, count() AS sessions,
  uniqExact(attacker_ip) AS sources
FROM ({{use ends}})
GROUP BY class
ORDER BY class
LIMIT 10
