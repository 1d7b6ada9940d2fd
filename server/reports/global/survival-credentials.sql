-- title: How long credentials live
-- question: For how many months is a pair of user name and password tried? Lists outlive the botnets that use them.
-- group: Credentials
-- column: months = months from the first to the last attempt, in the period
-- column: pairs = pairs that lived so long
-- column: sources = different addresses that used them
-- chart: bar months pairs
SELECT months, count() AS pairs, sum(pair_sources) AS sources
FROM (
  SELECT dateDiff('month', min(detect_ts), max(detect_ts)) AS months, uniqExact(attacker_ip) AS pair_sources
  FROM event
  WHERE {{events}} AND action = 'authenticate' AND password != ''
  GROUP BY username, password
)
GROUP BY months
ORDER BY months
LIMIT 1000
