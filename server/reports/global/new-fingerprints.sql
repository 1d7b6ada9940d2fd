-- title: New fingerprints
-- question: Which clients had never been seen before, on these sensors? A new fingerprint is a new program.
-- group: New
-- column: fingerprint = HASSH, JA4 …, first seen in the period
-- column: first = first time of all
-- column: events = events with it in the period
-- chart: table
SELECT fingerprint, min(detect_ts) AS first, count() AS events
FROM event
WHERE {{events}} AND fingerprint != '' AND fingerprint GLOBAL NOT IN (SELECT fingerprint FROM event WHERE {{events_before}})
GROUP BY fingerprint
ORDER BY first DESC, fingerprint
LIMIT 500
