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

-- into host_network_captures
WITH
  if(length(j.ended) >= 19, parseDateTime64BestEffortOrNull(j.ended, 6, 'UTC'), NULL) AS last_packet,
  {{sensible last_packet}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(last_packet), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.kind = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.container = '', 'partial',
    j.kind = 'capture' AND NOT match(j.sha256, '^[0-9a-f]{64}$'), 'partial',
    j.kind NOT IN ('capture', 'not_taken'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  j.container AS container,
  ifNull(parseDateTime64BestEffortOrNull(j.began, 6, 'UTC'), toDateTime64(0, 6, 'UTC')) AS began,
  ifNull(last_packet, toDateTime64(0, 6, 'UTC')) AS ended,
  accurateCastOrDefault(j.packets, 'UInt64') AS packets,
  accurateCastOrDefault(j.lost, 'UInt64') AS lost,
  j.reason AS reason,
  accurateCastOrDefault(j.files, 'UInt32') AS files,
  path_text AS path,
  j.kind AS kind,
  j.sha256 AS sha256,
  if(j.taken_sha256 = '', j.sha256, j.taken_sha256) AS taken_sha256,
  accurateCastOrDefault(j.size, 'UInt64') AS size,
  accurateCastOrDefault(j.size_taken, 'UInt64') AS size_taken,
  ifNull(parseDateTime64BestEffortOrNull(j.mtime, 6, 'UTC'), toDateTime64(0, 6, 'UTC')) AS mtime,
  j.cut AS cut
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, JSONExtractString(text, 'path') AS path_text, untuple(JSONExtract(
      text,
      'Tuple(
        container String,
        kind String,
        began String,
        ended String,
        packets Int64,
        lost Int64,
        reason String,
        files Int64,
        sha256 String,
        taken_sha256 String,
        size Int64,
        size_taken Int64,
        mtime String,
        cut Bool
      )'
    )) AS j
  FROM {{landing host_network}}
)
