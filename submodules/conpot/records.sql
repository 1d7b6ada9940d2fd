-- Landing table -> record table. Times carry no zone, but are UTC (datetime.utcnow of attack_session.py).

-- into conpot_json
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.data_type = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.data_type = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.sensorid AS sensorid, j.`id` AS `id`, j.src_ip AS src_ip,
  accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dst_ip AS dst_ip,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, j.public_ip AS public_ip, j.data_type AS data_type,
  j.event_type AS event_type, j.request AS request, j.response AS response
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        sensorid String, `id` String, src_ip String, src_port Int64, dst_ip String, dst_port Int64,
        public_ip String, data_type String, event_type String, request String, response String, timestamp String
      )'
    )) AS j
  FROM {{landing conpot}}
)

-- into conpot_log
-- conpot.log is what Python's logging writes, with local times. Lines without a time go on from the line before.
WITH
  toValidUTF8(raw) AS line,
  extractGroups(line, '^([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}),([0-9]{3}) (.*)$') AS c,
  if(length(c) = 0, NULL, parseDateTime64BestEffortOrNull(concat(c[1], '.', c[2]), 6, 'UTC')) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible,
  extractGroups(text, '^New ([A-Za-z0-9/ _]+) connection from ([0-9a-fA-F.:]+):([0-9]+)') AS connected,
  -- Protocol and method, the end, and for HTTP path and headers, for SNMP object and value.
  extractGroups(text, '^(HTTP/[0-9.]+ [A-Z]+|SNMPv[0-9]+ [A-Za-z]+) request from \\(\'([0-9a-fA-F.:]+)\', ([0-9]+)\\): (.*)$') AS asked,
  extractGroups(text, '^(Modbus|Kamstrup)(?: management)? traffic from ([0-9a-fA-F.:]+): (\\{.*\\})') AS traffic,
  extractGroups(text, '^([^ :]+):?(?: .*)? command attempt ([0-9a-fA-F.:]+):([0-9]+)') AS gauge,
  extractGroups(text, '^Connection established with \\(\'([0-9a-fA-F.:]+)\', ([0-9]+)\\)') AS ipmi,
  multiIf(
    length(connected) > 0, [connected[2], connected[3]],
    length(asked) > 0, [asked[2], asked[3]],
    length(traffic) > 0, [traffic[2], ''],
    length(gauge) > 0, [gauge[2], gauge[3]],
    ipmi
  ) AS visitor
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    line != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(
    length(connected) > 0, 'connection',
    length(asked) > 0, if(startsWith(asked[1], 'HTTP'), 'http', 'snmp'),
    length(traffic) > 0, lower(traffic[1]),
    length(gauge) > 0, 'guardian_ast',
    length(ipmi) > 0, 'ipmi',
    ''
  ) AS what,
  if(
    what = 'connection',
    transform(lower(connected[1]), ['s7', 'guardianast', 'iec 104', 'iec104'], ['s7comm', 'guardian_ast', 'iec104', 'iec104'], lower(connected[1])),
    what
  ) AS protocol,
  visitor[1] AS src_ip, toUInt16OrZero(visitor[2]) AS src_port,
  extract(text, '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\)?$') AS session,
  multiIf(
    length(asked) > 0, asked[1],
    what = 'modbus', extract(traffic[3], '\'function_code\': ([0-9]+)'),
    extract(gauge[1], '^[IS][0-9]+$')
  ) AS request,
  multiIf(what = 'http', extract(asked[4], '^\\(\'([^\']*)\''), what = 'snmp', extract(asked[4], '^([0-9.]+)'), '') AS path,
  if(what = 'http', asked[4], traffic[3]) AS details,
  if(length(c) = 0, line, c[3]) AS text
FROM {{landing conpot}}
