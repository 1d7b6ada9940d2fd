-- Landing table -> record tables. A line of the JSON is a whole session with its log-ins; the CSV files have a line for
-- each session and for each log-in. Times carry no zone, but are UTC in every version (datetime.utcnow).

-- define detected
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis

-- define cells
-- A CSV line ends in a carriage return. The first cells are never quoted; what the attacker typed may be.
    replaceRegexpOne(toValidUTF8(raw), '\\r$', '') AS text,
    extractGroups(text, '^{{1}}$') AS c,
    if(length(c[1]) >= 19, parseDateTime64BestEffortOrNull(c[1], 6, 'UTC'), NULL) AS written,
    {{sensible written}} AS sensible,
    startsWith(text, 'timestamp,') AS is_header

-- define line
  multiIf(
    bitTest(flags, 0), 'partial',
    is_header, 'ok',
    isValidUTF8(raw) = 0, 'bad_utf8',
    NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse

-- define connection
  c[{{1}}] AS session_id, c[{{1}} + 1] AS source_ip, toUInt16OrZero(c[{{1}} + 2]) AS source_port,
  c[{{1}} + 3] AS destination_ip, toUInt16OrZero(c[{{1}} + 4]) AS destination_port, c[{{1}} + 5] AS protocol

-- define unquoted
  if(startsWith({{1}}, '"'), replaceAll(substring({{1}}, 2, length({{1}}) - 2), '""', '"'), {{1}})

-- into heralding_json
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    j.session_id = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.session_id = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.source_ip) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.duration, 'UInt32') AS duration, j.session_id AS session_id, j.source_ip AS source_ip,
  accurateCastOrDefault(j.source_port, 'UInt16') AS source_port, j.destination_ip AS destination_ip,
  accurateCastOrDefault(j.destination_port, 'UInt16') AS destination_port, j.protocol AS protocol,
  accurateCastOrDefault(j.num_auth_attempts, 'UInt32') AS num_auth_attempts, j.auth_attempts AS auth_attempts,
  j.session_ended AS session_ended, j.auxiliary_data AS auxiliary_data
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        duration Int64, session_id String, source_ip String, source_port Int64, destination_ip String,
        destination_port Int64, protocol String, num_auth_attempts Int64,
        auth_attempts Array(Tuple(timestamp String, username String, password String)), session_ended Bool,
        auxiliary_data Map(String, String), timestamp String
      )'
    )) AS j
  FROM {{landing heralding}}
)

-- into heralding_auth
WITH
    {{use cells ([^,"]*),([^,"]*),([^,"]*),([^,"]*),([0-9]*),([^,"]*),([0-9]*),([^,"]*),("(?:[^"]|"")*"|[^,"]*),("(?:[^"]|"")*"|[^,"]*)(?:,("(?:[^"]|"")*"|[^,"]*))?}}
SELECT
  {{record_values}},
  {{use detected}},
  {{use line}},
  toIPv6OrDefault(c[4]) AS attacker_ip,
  {{geo attacker_ip}},
  c[2] AS auth_id,
  {{use connection 3}},
  {{use unquoted c[9]}} AS username, {{use unquoted c[10]}} AS password, {{use unquoted c[11]}} AS password_hash
FROM {{landing heralding}}

-- into heralding_session
WITH
    {{use cells ([^,"]*),([0-9]*),([^,"]*),([^,"]*),([0-9]*),([^,"]*),([0-9]*),([^,"]*),(.*)}}
SELECT
  {{record_values}},
  {{use detected}},
  {{use line}},
  toIPv6OrDefault(c[4]) AS attacker_ip,
  {{geo attacker_ip}},
  toUInt32OrZero(c[2]) AS duration,
  {{use connection 3}},
  {{use unquoted c[9]}} AS num_auth_attempts
FROM {{landing heralding}}
