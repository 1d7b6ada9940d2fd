-- Landing table -> record table. The collector writes these lines itself, from what a container's root may have named
-- at will: names are hostile, the form is ours.

-- into host_processes_executions
WITH
  if(length(j.time) >= 19, parseDateTime64BestEffortOrNull(j.time, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.kind = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.container = '', 'partial',
    j.kind NOT IN ('executed', 'present', 'undecided'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.remote_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.container AS container,
  j.kind AS kind,
  j.by AS by,
  j.serial AS serial,
  accurateCastOrDefault(j.pid, 'UInt32') AS pid,
  accurateCastOrDefault(j.ppid, 'UInt32') AS ppid,
  accurateCastOrDefault(j.uid, 'UInt32') AS uid,
  j.user AS user,
  j.exe AS exe,
  j.command AS command,
  j.args AS args,
  j.cwd AS cwd,
  j.tty AS tty,
  j.parent AS parent,
  j.success AS success,
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
        by String,
        serial String,
        pid Int64,
        ppid Int64,
        uid Int64,
        user String,
        exe String,
        command String,
        args Array(String),
        cwd String,
        tty String,
        parent String,
        success Bool,
        remote_ip String,
        remote_port Int64,
        local_port Int64,
        holder String,
        count Int64
      )'
    )) AS j
  FROM {{landing host_processes}}
)
