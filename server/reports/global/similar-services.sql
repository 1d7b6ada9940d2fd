-- title: Services that move together
-- question: Which services are attacked in the same rhythm? After Thonnard and Dacier: series that move together have one cause, a scanner of both or one botnet.
-- group: Over time
-- column: one = service
-- column: other = another
-- column: correlation = of their events by hour: 1 where they rise and fall alike, 0 where they have nothing to do with each other
-- column: events = events of both
-- chart: table
WITH
  counted AS (SELECT value.1 AS hour, toString(value.2) AS name, toFloat64(sum(events)) AS events FROM ({{count hour service}}) WHERE name != '' GROUP BY hour, name),
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
