-- title: Rare commands
-- question: What did only one source type? Scripts repeat themselves; people do not.
-- group: Inside
-- column: command = command as it was sent
-- column: attacker_ip = the one source that sent it
-- column: events = times
-- column: last = last time in the period
-- chart: table
SELECT command, one_ip AS attacker_ip, events, last
/* Within, a name of a column means the column, which may be filtered by. */
FROM (
  SELECT command, any(attacker_ip) AS one_ip, count() AS events, max(detect_ts) AS last
  FROM event
  WHERE {{events}} AND action = 'input' AND command != ''
  GROUP BY command
  HAVING min(attacker_ip) = max(attacker_ip)
)
ORDER BY last DESC, command
LIMIT 200
