-- title: Fingerprints
-- question: Which tools come? One fingerprint from many sources is one program on many machines.
-- group: Inside
-- column: fingerprint = HASSH, JA4 …
-- column: events = events
-- column: sources = different addresses
-- chart: bar fingerprint sources
SELECT fingerprint, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND fingerprint != ''
GROUP BY fingerprint
ORDER BY sources DESC, events DESC, fingerprint
LIMIT 200
