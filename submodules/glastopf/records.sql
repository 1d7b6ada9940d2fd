-- Landing table -> record tables. Times are local.

-- into glastopf_log
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '^([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}),([0-9]{3}) \\(([^)]*)\\) (.*)$') AS c,
  extractGroups(c[4], '^([0-9a-fA-F.:]+) requested ([^ ]+) (.*) on ([^ ]*)$') AS asked,
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
    length(c) = 0, 'unknown_kind',
    NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[3] AS logger, if(length(c) = 0, text, c[4]) AS message, asked[1] AS src_ip, asked[2] AS method, asked[3] AS path, asked[4] AS host
FROM {{landing glastopf}}

-- into glastopf_events
WITH
  if(length(j.row.time) >= 19, parseDateTime64BestEffortOrNull(j.row.time, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible,
  splitByString('\r\n\r\n', request_raw)[1] AS head,
  arrayStringConcat(extractAll(head, '(?im)^x-forwarded-for:[ \\t]*([^\\r\\n]*)'), ',') AS forwarded
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.source = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  {{client src_ip forwarded}} AS attacker_ip,
  {{geo attacker_ip}},
  j.row.id AS id_, j.row.time AS time, trim(BOTH '[]' FROM extract(j.row.source, '^(.*):[0-9]+$')) AS src_ip,
  toUInt16OrZero(extract(j.row.source, ':([0-9]+)$')) AS src_port, j.row.request_url AS request_url,
  j.row.request_raw AS request_raw, j.row.pattern AS pattern, j.row.filename AS filename, j.row.version AS version_,
  j.row.sensorid AS sensorid
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text,
    untuple(JSONExtract(text, 'Tuple(row Tuple(
      `id` Int64, time String, source String, request_url String, request_raw String, pattern String, filename String,
      version String, sensorid String
    ))')) AS j
  FROM {{landing glastopf}}
)
