-- title: Files
-- question: Which files came, from where, to how many sensors? One hash from many sources is a worm or a kit.
-- group: Inside
-- column: file_sha256 = SHA-256 of the file
-- column: events = times
-- column: sources = different addresses
-- column: sensors = sensors that it came to
-- column: first = first seen in the period
-- column: url = one of the addresses that it came from
-- beside: url
-- chart: table
SELECT file_sha256, events, sources, sensors, first, one_url AS url
/* Within, a name of a column means the column, which may be filtered by. */
FROM (
  SELECT file_sha256, count() AS events, uniqExact(attacker_ip) AS sources, uniqExact(sensor_id) AS sensors,
    min(detect_ts) AS first, max(url) AS one_url
  FROM event
  WHERE {{events}} AND file_sha256 != ''
  GROUP BY file_sha256
)
ORDER BY sources DESC, events DESC, file_sha256
LIMIT 200
