-- Landing table -> record table. The collector writes these lines itself, from what a container's root may have named
-- at will: names are hostile, the form is ours.

-- into host_resources_readings
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
    j.kind NOT IN ('reading', 'started', 'stopped', 'cpu_busy', 'cpu_calm'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  {{geo attacker_ip}},
  j.container AS container,
  j.kind AS kind,
  j.cgroup AS cgroup,
  accurateCastOrDefault(j.cpu_us, 'UInt64') AS cpu_us,
  j.cpu_share AS cpu_share,
  accurateCastOrDefault(j.memory_bytes, 'UInt64') AS memory_bytes,
  accurateCastOrDefault(j.memory_limit_bytes, 'UInt64') AS memory_limit_bytes,
  accurateCastOrDefault(j.read_bytes, 'UInt64') AS read_bytes,
  accurateCastOrDefault(j.written_bytes, 'UInt64') AS written_bytes,
  accurateCastOrDefault(j.disk_bytes, 'UInt64') AS disk_bytes,
  accurateCastOrDefault(j.disk_used_bytes, 'UInt64') AS disk_used_bytes,
  accurateCastOrDefault(j.processes, 'UInt32') AS processes,
  accurateCastOrDefault(j.pid, 'UInt32') AS pid,
  j.process AS process,
  j.command AS command,
  j.process_seconds AS process_seconds,
  j.runtime AS runtime
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        container String,
        kind String,
        time String,
        cgroup String,
        cpu_us Int64,
        cpu_share Float64,
        memory_bytes Int64,
        memory_limit_bytes Int64,
        read_bytes Int64,
        written_bytes Int64,
        disk_bytes Int64,
        disk_used_bytes Int64,
        processes Int64,
        pid Int64,
        process String,
        command String,
        process_seconds Float64,
        runtime String
      )'
    )) AS j
  FROM {{landing host_resources}}
)
