-- title: Public keys that were tried
-- question: Which keys do attackers offer? The same key from many sources is one owner: a password may be guessed, a key may not.
-- column: key = MD5 fingerprint of the key
-- column: attempts = sessions and user names with it
-- column: usernames = different user names with it
-- column: sources = different addresses that offered it
-- chart: bar key attempts
SELECT fingerprint AS key, uniqExact(sensor_id, session, username) AS attempts, uniqExact(username) AS usernames, uniqExact(attacker_ip) AS sources
FROM ({{use key_log_ins}})
GROUP BY key
ORDER BY attempts DESC, key
LIMIT 100
