-- Landing table -> record table. The collector writes these lines itself, from what a container's root may have named
-- at will: names are hostile, the form is ours.

-- into host_files_changes
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
    j.kind NOT IN ('created', 'changed', 'attributes', 'deleted', 'baseline', 'replaced'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  {{geo attacker_ip}},
  j.container AS container,
  j.kind AS kind,
  if(path_hex != '', concat('hex:', path_hex), path_text) AS path,
  j.type AS type,
  accurateCastOrDefault(j.size, 'UInt64') AS size,
  j.mode AS mode,
  accurateCastOrDefault(j.uid, 'UInt32') AS uid,
  accurateCastOrDefault(j.gid, 'UInt32') AS gid,
  j.mtime AS mtime,
  j.ctime AS ctime,
  j.target AS target,
  j.sha256 AS sha256,
  if(j.taken_sha256 = '', j.sha256, j.taken_sha256) AS taken_sha256,
  accurateCastOrDefault(j.size_taken, 'UInt64') AS size_taken,
  j.cut AS cut,
  j.not_taken AS not_taken,
  accurateCastOrDefault(j.count, 'UInt64') AS count
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, JSONExtractString(text, 'path') AS path_text,
    JSONExtractString(text, 'path', '$hex') AS path_hex, untuple(JSONExtract(
      text,
      'Tuple(
        container String,
        kind String,
        time String,
        taken_sha256 String,
        type String,
        size Int64,
        mode String,
        uid Int64,
        gid Int64,
        mtime String,
        ctime String,
        target String,
        sha256 String,
        size_taken Int64,
        cut Bool,
        not_taken String,
        count Int64
      )'
    )) AS j
  FROM {{landing host_files}}
)
