-- title: Sensors
-- question: What did each sensor see? Many sources with few events each is scanning; few with many is guessing.
-- group: Sensors
-- column: sensor = sensor
-- column: events = events
-- column: sources = different addresses
-- column: log_ins = attempts to log in
-- column: successes = log-ins that were let in
-- column: commands = commands typed or sent
-- column: downloads = files that came, or were to come
-- chart: bar sensor events
SELECT
  sensor_id AS sensor, count() AS events, uniqExact(attacker_ip) AS sources, countIf(action = 'authenticate') AS log_ins,
  countIf(action = 'authenticate' AND outcome = 'success') AS successes, countIf(action = 'input') AS commands,
  countIf(action = 'download') AS downloads
FROM event
WHERE {{events}}
GROUP BY sensor
ORDER BY events DESC, sensor
LIMIT 1000
