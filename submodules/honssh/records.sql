-- Landing table -> record tables. Times are local: 20170405_173308_405410. A line of a session log does not say whose it is:
-- the file does, sessions/[sensor/]ADDRESS/BEGINNING.log.

-- define clock
-- {{1}} is the time as written.
  if(
    match({{1}}, '^[0-9]{8}_[0-9]{6}_[0-9]{6}$'),
    parseDateTime64BestEffortOrNull(concat(
      substring({{1}}, 1, 4), '-', substring({{1}}, 5, 2), '-', substring({{1}}, 7, 2), ' ',
      substring({{1}}, 10, 2), ':', substring({{1}}, 12, 2), ':', substring({{1}}, 14, 2), '.', substring({{1}}, 17, 6)
    ), 6, 'UTC'),
    NULL
  ) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible

-- define detected
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis

-- into honssh_session
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '^([0-9_]{22}) - \\[([A-Z0-9]+) *\\] (.*)$') AS c,
  {{use clock c[1]}},
  c[3] AS said,
  extractGroups(source, '([0-9a-fA-F.:]+)/([0-9]{8}_[0-9]{6}_[0-9]{6})[.]log') AS file,
  extractGroups(said, '^Incoming Connection from ([0-9a-fA-F.:]+):([0-9]+)(?: - (.*))?$') AS incoming,
  extractGroups(said, '^(.*) - ([0-9a-fA-F.:]+):([0-9]+)$') AS pot,
  extractGroups(said, '^Login (?:Successful|Failed): ([^:]*):(.*)$') AS login,
  extractGroups(said, '^Downloaded: (.*) - Saved: (.*) - Size: ([0-9]+) - SHA256: ([0-9a-fA-F]*)$') AS download
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    what = '', 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(peer_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[2] AS channel,
  multiIf(
    c[2] = 'POT', 'POT',
    match(said, '^(Incoming Connection|Login Successful|Login Failed|Login was spoofed|Lost Connection|Command Executed|Command Blocked|Opened Channel|Closed Channel|Downloaded)'),
    extract(said, '^(Incoming Connection|Login Successful|Login Failed|Login was spoofed|Lost Connection|Command Executed|Command Blocked|Opened Channel|Closed Channel|Downloaded)'),
    ''
  ) AS what,
  multiIf(
    incoming[1] != '', incoming[1],
    what = 'Lost Connection', extract(said, 'with ([0-9a-fA-F.:]+)'),
    file[1]
  ) AS peer_ip,
  toUInt16OrZero(incoming[2]) AS peer_port, if(what = 'Incoming Connection' AND file[2] = '', c[1], file[2]) AS session,
  incoming[3] AS country, if(what = 'POT', pot[2], '') AS honey_ip, if(what = 'POT', toUInt16OrZero(pot[3]), 0) AS honey_port,
  if(what = 'POT', pot[1], '') AS sensor_name, login[1] AS username, login[2] AS password,
  extract(said, '^Command (?:Executed|Blocked): (.*)$') AS command, download[1] AS link, download[2] AS saved,
  toUInt64OrZero(download[3]) AS `size`, lower(download[4]) AS sha256
FROM {{landing honssh}}

-- into honssh_auth
-- A password may hold commas; a user name with one cannot be told from it.
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '^([0-9_]{22}),([0-9a-fA-F.:]+),([^,]*),(.*),(True|False)$') AS c,
  {{use clock c[1]}}
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(c[2]) AS attacker_ip,
  {{geo attacker_ip}},
  c[1] AS session, c[2] AS peer_ip, c[3] AS username, c[4] AS password, c[5] = 'True' AS success
FROM {{landing honssh}}

-- into honssh_ttylogs
{{artifact_select honssh}}

-- into honssh_downloads
{{artifact_select honssh}}
