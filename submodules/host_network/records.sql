-- Landing table -> record table. The collector writes these lines itself, from what a container's root may have named
-- at will: names are hostile, the form is ours.

-- into host_network_connections
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
    j.kind NOT IN ('opened', 'closed', 'present', 'listening', 'not_listening'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.remote_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.container AS container,
  j.kind AS kind,
  j.transport AS transport,
  j.direction AS direction,
  j.local_ip AS local_ip,
  accurateCastOrDefault(j.local_port, 'UInt16') AS local_port,
  j.remote_ip AS remote_ip,
  accurateCastOrDefault(j.remote_port, 'UInt16') AS remote_port,
  j.state AS state,
  accurateCastOrDefault(j.uid, 'UInt32') AS uid,
  j.since AS since,
  j.seconds AS seconds,
  accurateCastOrDefault(j.bytes_in, 'UInt64') AS bytes_in,
  accurateCastOrDefault(j.bytes_out, 'UInt64') AS bytes_out
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        container String,
        kind String,
        time String,
        transport String,
        direction String,
        local_ip String,
        local_port Int64,
        remote_ip String,
        remote_port Int64,
        state String,
        uid Int64,
        since String,
        seconds Float64,
        bytes_in Int64,
        bytes_out Int64
      )'
    )) AS j
  FROM {{landing host_network}}
)
