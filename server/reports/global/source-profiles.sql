-- title: Profiles of sources
-- question: What kind of visitor is it? Only probes: a scanner; many names and passwords: a guesser; commands and files: someone inside.
-- group: Sources
-- column: attacker_ip = source
-- column: attacker_country = its country when it came
-- column: events = events of it
-- column: sensors = sensors that saw it
-- column: services = services that it touched
-- column: log_ins = attempts to log in
-- column: successes = log-ins that were let in
-- column: commands = commands
-- column: downloads = files
-- column: first = first seen in the period
-- column: last = last seen in the period
-- beside: attacker_country
-- chart: table
SELECT
  attacker_ip, one_country AS attacker_country, events, sensors, services, log_ins, successes, commands, downloads, first, last
/* Within, a name of a column means the column, which may be filtered by. */
FROM (
  SELECT
    attacker_ip, any(attacker_country) AS one_country, count() AS events, uniqExact(sensor_id) AS sensors,
    arrayStringConcat(arraySort(arrayMap(one -> toString(one), groupUniqArray(8)(service))), ' ') AS services,
    countIf(action = 'authenticate') AS log_ins, countIf(action = 'authenticate' AND outcome = 'success') AS successes,
    countIf(action = 'input') AS commands, countIf(action = 'download') AS downloads,
    min(detect_ts) AS first, max(detect_ts) AS last
  FROM event
  WHERE {{events}} AND attacker_ip GLOBAL IN (
    SELECT value FROM ({{count attacker_ip}}) WHERE value != toIPv6('::') ORDER BY events DESC, value LIMIT 100
  )
  GROUP BY attacker_ip
)
ORDER BY events DESC, attacker_ip
LIMIT 100
