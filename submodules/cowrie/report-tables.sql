-- What Cowrie's JSON log and its databases (MySQL, SQLite) tell alike, for the reports. Where both of one Cowrie are
-- collected, both count. A later version of a row tells of what was counted before.

-- define connections
SELECT detect_ts, sensor_id, attacker_ip, attacker_country, attacker_asn, session
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'cowrie.session.connect'
UNION ALL
SELECT detect_ts, sensor_id, attacker_ip, attacker_country, attacker_asn, id
FROM cowrie_db_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND id != ''

-- define log_ins
-- With passwords; what was tried with public keys is in key_log_ins.
SELECT detect_ts, sensor_id, attacker_ip, session, username, password, eventid = 'cowrie.login.success' AS success
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid IN ('cowrie.login.success', 'cowrie.login.failed') AND fingerprint = ''
UNION ALL
SELECT detect_ts, sensor_id, attacker_ip, session, username, password, success
FROM cowrie_db_auth
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND session != ''

-- define key_log_ins
-- Cowrie tells of one attempt by two lines since 2.6.1: counted by key, user name and session, never by line.
SELECT detect_ts, sensor_id, attacker_ip, session, username, fingerprint
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND fingerprint != ''
UNION ALL
SELECT detect_ts, sensor_id, attacker_ip, session, username, fingerprint
FROM cowrie_db_keyfingerprints
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND session != ''

-- define inputs
-- kind: line (typed or sent to the shell), answer (typed into a command, its realm), failed or found (a command of a
-- line that Cowrie's shell has not or has; only the log tells of those that it has).
SELECT detect_ts, sensor_id, attacker_ip, session, input, toString(realm) AS realm,
  multiIf(eventid = 'cowrie.command.input', 'line', eventid = 'cowrie.command.failed', 'failed',
    eventid = 'cowrie.command.success' AND realm = '', 'found', 'answer') AS kind
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid IN ('cowrie.command.input', 'cowrie.command.failed', 'cowrie.command.success', 'cowrie.session.input')
UNION ALL
SELECT detect_ts, sensor_id, attacker_ip, session, input, toString(realm),
  multiIf(success = 0, 'failed', success = 1, 'line', 'answer')
FROM cowrie_db_input
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND session != ''

-- define files
SELECT detect_ts, sensor_id, attacker_ip, session, shasum, url, if(destfile = '', filename, destfile) AS path,
  substring(eventid, 16) AS way
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND startsWith(eventid, 'cowrie.session.file_')
UNION ALL
SELECT detect_ts, sensor_id, attacker_ip, session, if(shasum = 'NULL', '', shasum), url, '',
  multiIf(shasum IN ('', 'NULL'), 'file_download.failed', url = '', 'unknown', 'file_download')
FROM cowrie_db_downloads
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND session != ''

-- define clients
SELECT sensor_id, attacker_ip, session, version_ AS client
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'cowrie.client.version'
UNION ALL
SELECT seen.sensor_id, seen.attacker_ip, seen.id, named.client
FROM (
  SELECT sensor_id, generation, client, id, attacker_ip FROM cowrie_db_sessions
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND client != 0
) AS seen
GLOBAL ANY INNER JOIN (
  SELECT sensor_id, generation, id, client_version AS client FROM `cowrie_db_clients` WHERE sensor_id IN {sensors:Array(UInt32)}
) AS named ON named.sensor_id = seen.sensor_id AND named.generation = seen.generation AND named.id = seen.client

-- define forwards
SELECT attacker_ip, dst_ip, dst_port
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'cowrie.direct-tcpip.request'
UNION ALL
SELECT attacker_ip, dst_ip, dst_port
FROM cowrie_db_ipforwards
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND version = 0 AND session != ''

-- define ends
SELECT attacker_ip, if(duration_ms > 0, duration_ms / 1000, duration) AS seconds
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND eventid = 'cowrie.session.closed'
UNION ALL
SELECT max(attacker_ip), toFloat64(max(dateDiff('second', parseDateTimeBestEffortOrZero(starttime), parseDateTimeBestEffortOrZero(endtime))))
FROM cowrie_db_sessions
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND endtime NOT IN ('', 'NULL')
GROUP BY sensor_id, generation, id
