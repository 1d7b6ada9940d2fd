-- Landing table -> record table. The collector writes these lines itself; what was typed stands in hexadecimal, so that
-- every byte of it comes as it was.

-- into host_keystrokes_keystrokes
WITH
  if(length(j.time) >= 19, parseDateTime64BestEffortOrNull(j.time, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible,
  match(j.data, '^([0-9a-f]{2})*$') AS is_hex
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.kind = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.container = '' OR NOT is_hex, 'partial',
    j.kind NOT IN ('typed', 'undecided'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.remote_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.container AS container,
  j.kind AS kind,
  j.serial AS serial,
  accurateCastOrDefault(j.pid, 'UInt32') AS pid,
  accurateCastOrDefault(j.uid, 'UInt32') AS uid,
  j.user AS user,
  j.program AS program,
  j.terminal AS terminal,
  if(is_hex, unhex(j.data), j.data) AS typed,
  j.remote_ip AS remote_ip,
  accurateCastOrDefault(j.remote_port, 'UInt16') AS remote_port,
  accurateCastOrDefault(j.local_port, 'UInt16') AS local_port,
  j.holder AS holder,
  accurateCastOrDefault(j.count, 'UInt64') AS count
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        container String,
        kind String,
        time String,
        serial String,
        pid Int64,
        uid Int64,
        user String,
        program String,
        terminal String,
        data String,
        remote_ip String,
        remote_port Int64,
        local_port Int64,
        holder String,
        count Int64
      )'
    )) AS j
  FROM {{landing host_keystrokes}}
)
