-- title: Sources that move together
-- question: Which addresses work in the same rhythm? After Thonnard and Dacier: machines of one hand rise and fall together. The sixty loudest are compared.
-- group: Over time
-- column: one = source
-- column: other = another
-- column: correlation = of their events by hour: 1 where they rise and fall alike, 0 where they have nothing to do with each other
-- column: events = events of both
-- chart: table
WITH
  counted AS (
    SELECT toStartOfHour(detect_ts) AS hour, toString(attacker_ip) AS name, toFloat64(count()) AS events
    FROM event
    WHERE {{events}} AND attacker_ip GLOBAL IN (
      SELECT value FROM ({{count attacker_ip}}) WHERE value != toIPv6('::') ORDER BY events DESC, value LIMIT 60
    )
    GROUP BY hour, name
  ),
  chosen AS (
    SELECT name, sum(events) AS total, sum(events * events) AS squares
    FROM counted GROUP BY name HAVING count() > 2 ORDER BY total DESC, name LIMIT 60
  ),
  together AS (
    SELECT a.name AS one, b.name AS other, sum(a.events * b.events) AS products
    FROM counted AS a INNER JOIN counted AS b ON a.hour = b.hour
    WHERE a.name < b.name AND a.name IN (SELECT name FROM chosen) AND b.name IN (SELECT name FROM chosen)
    GROUP BY one, other
  ),
  (SELECT toFloat64(uniqExact(hour)) FROM counted) AS hours
SELECT
  one, other,
  round((hours * products - x.total * y.total) / sqrt((hours * x.squares - x.total * x.total) * (hours * y.squares - y.total * y.total)), 4) AS correlation,
  x.total + y.total AS events
FROM together INNER JOIN chosen AS x ON x.name = one INNER JOIN chosen AS y ON y.name = other
WHERE correlation > 0.5
ORDER BY correlation DESC, events DESC, one, other
LIMIT 200
