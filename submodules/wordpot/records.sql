-- Landing table -> record tables. Times of the text are local, those of the JSON of 2026 have their zone.

-- define own
-- What Wordpot says of itself.
'^(Checking command line options$|Honeypot started on |Loading conf file: |hpfeeds is disabled$|Can.t load conf file$|Unable to run plugin: |[A-Z_]+ was not set[.] )'

-- define probed
-- Of {{1}}, what was asked for. The words are those since July 2012 and, before them, those of the weeks until then.
  extractGroups({{1}}, '^probed (?:a (?:plugin|theme): "(.*)" with path "(.*)"|for (?:plugin|theme) "(.*)" with path: (.*))$') AS part

-- define seen_path
  multiIf(
    length(part) > 0, if(part[1] = '', part[4], part[2]),
    message = 'probed for the readme', '/readme.html',
    message = 'probed for xmlrpc.php', '/xmlrpc.php',
    startsWith(message, 'tried to login') OR message = 'probed for the login page', '/wp-login.php',
    startsWith(message, 'probed for the admin panel'), concat('/wp-admin', extract(message, ' path: (.*)$')),
    startsWith(message, 'probed for: '), concat('/', substring(message, 13)),
    extract(message, '^probed for [^:]*: (.*)$')
  ) AS path,
  if(part[1] = '', part[3], part[1]) AS component

-- into wordpot_log
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '^([0-9-]{10} [0-9:]{8}),([0-9]{3}) - (?:([0-9a-fA-F.:]+) )?(.*)$') AS c,
  extractGroups(c[4], '^tried to login with username (.*) and password (.*)$') AS login,
  {{use probed c[4]}},
  if(length(c) = 0, NULL, parseDateTime64BestEffortOrNull(concat(c[1], '.', c[2]), 6, 'UTC')) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    length(c) = 0 OR src_ip = '' AND NOT match(c[4], {{use own}}), 'unknown_kind',
    NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  if(length(c) = 0, text, c[4]) AS message,
  if(match(c[4], '^(tried |probed )'), c[3], '') AS src_ip,
  {{use seen_path}},
  login[1] AS username, login[2] AS password
FROM {{landing wordpot}}

-- into wordpot_tpot
-- T-Pot's Wordpot of March 2024 to 2026 writes JSON for what a plugin of its own tells, with local times, and the text of
-- the rest without any time. The honeypot's address is the one that it listens on, often 0.0.0.0.
WITH
  extractGroups(text, '^([0-9a-fA-F.:]+) (probed for .*)$') AS c,
  {{use probed message}},
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    wounded AND spelled != raw, 'bad_utf8',
    length(c) > 0, if(attacker_ip = toIPv6('::'), 'partial', 'ok'),
    match(text, {{use own}}), 'ok',
    j.plugin = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND text != spelled OR NOT sensible OR j.plugin = '' OR attacker_ip = toIPv6('::'), 'partial',
    j.plugin NOT IN ('badlogin', 'commonfiles', 'timthumb', 'userenumeration'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[2] AS message, if(length(c) > 0, c[1], j.src_ip) AS src_ip, toUInt16OrZero(j.src_port) AS src_port,
  if(j.dest_ip = '0.0.0.0', '', j.dest_ip) AS dest_ip, toUInt16OrZero(j.dest_port) AS dest_port,
  j.user_agent AS user_agent, j.url AS url, j.plugin AS plugin, j.filename AS filename, j.author AS author,
  {{use seen_path}},
  j.username AS username, j.password AS password
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        src_ip String, src_port String, dest_ip String, dest_port String, user_agent String, url String,
        plugin String, filename String, author String, username String, password String, timestamp String
      )'
    )) AS j
  FROM {{landing wordpot}}
)

-- into wordpot_json
WITH
  match(j.timestamp, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.request_id = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.request_id = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.request_id AS request_id, j.profile_id AS profile_id, j.src_ip AS src_ip,
  accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dest_ip AS dest_ip,
  accurateCastOrDefault(j.dest_port, 'UInt16') AS dest_port, j.user_agent AS user_agent, j.url AS url,
  j.method AS method, j.path AS path, j.query AS query, j.component_type AS component_type,
  j.component_slug AS component_slug, j.technique AS technique, j.payload_sha256 AS payload_sha256,
  j.payload_excerpt AS payload_excerpt, accurateCastOrDefault(j.payload_size, 'UInt64') AS payload_size,
  j.username AS username, j.password AS password,
  accurateCastOrDefault(j.response_status, 'UInt16') AS response_status
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        request_id String, profile_id String, src_ip String, src_port Int64, dest_ip String, dest_port Int64,
        user_agent String, url String, method String, path String, query String, component_type String,
        component_slug String, technique String, payload_sha256 String, payload_excerpt String, payload_size Int64,
        username String, password String, response_status Int64, timestamp String
      )'
    )) AS j
  FROM {{landing wordpot}}
)
