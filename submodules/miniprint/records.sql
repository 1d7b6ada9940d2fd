-- Landing table -> record tables. Times of the text are local, those of the JSON end in Z.

-- into miniprint_log
WITH
  toValidUTF8(raw) AS text,
  -- What it writes of contents, it writes as Python writes bytes: b'…'.
  extractGroups(text, '^([0-9-]{10} [0-9:]{8}),([0-9]{3}) - ([A-Z]+) - (?:b[\'"])?([a-z_]+) - ([a-z_]+) - (.*)$') AS c,
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
    NOT sensible OR step = 'open_conn' AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[3] AS levelname, c[4] AS command, c[5] AS step, if(length(c) = 0, text, c[6]) AS details,
  if(step IN ('open_conn', 'close_conn'), details, '') AS src_ip
FROM {{landing miniprint}}

-- into miniprint_json
-- T-Pot's first JSON (October 2024 to 2026) has the address and the printer's port alone, no session, and of a command that
-- it does not know no `event`.
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.event = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR event_ = '' OR j.src_ip != '' AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.info AS info, j.level AS level,
  if(j.event = '' AND j.action = 'cmd_unknown', 'unknown_command', j.event) AS event_, j.action AS action_, j.session_id AS session_id,
  j.protocol AS protocol, j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port,
  j.dest_ip AS dest_ip, accurateCastOrDefault(j.dest_port, 'UInt16') AS dest_port,
  j.session_duration AS session_duration, j.command AS command,
  multiIf(
    j.file_name != '', j.file_name,
    j.upload_file != '', j.upload_file,
    j.dir != '', j.dir,
    j.item != '', j.item,
    -- The first JSON has it as Python writes bytes.
    replaceRegexpOne(j.rdymsg, '^b\'"?(.*?)"?\'$', '\\1')
  ) AS file_name,
  accurateCastOrDefault(j.size, 'UInt64') AS size, j.payload_sha256 AS payload_sha256,
  j.payload_preview AS payload_preview
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        info String, level String, event String, action String, session_id String, protocol String, src_ip String,
        src_port Int64, dest_ip String, dest_port Int64, session_duration Float64, command String,
        file_name String, upload_file String, dir String, item String, rdymsg String, size Int64, payload_sha256 String,
        payload_preview String, timestamp String
      )'
    )) AS j
  FROM {{landing miniprint}}
)

-- into miniprint_uploads
{{artifact_select miniprint}}
