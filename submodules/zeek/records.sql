-- Landing table -> record tables. `ts` is seconds since 1970, or ISO 8601 where Zeek is told to write it so. The TSV names
-- its columns in lines that begin with #; a line alone does not, so that the six columns that all logs of connections
-- begin with are read, and the rest of a conn and a notice in its default order, which is the same in all versions.

-- define clock
-- {{1}} is the time as written.
  match({{1}}, '^[0-9]+([.][0-9]+)?$') AS epoch,
  match({{1}}, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  multiIf(
    epoch, parseDateTime64BestEffortOrNull(concat(extract({{1}}, '^[0-9]{9,11}'), '.', rightPad(extract({{1}}, '[.]([0-9]+)$'), 6, '0')), 6, 'UTC'),
    length({{1}}) >= 19, parseDateTime64BestEffortOrNull({{1}}, 6, 'UTC'),
    NULL
  ) AS shown,
  if(epoch OR has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible

-- define times
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', epoch OR has_zone, 'sensor', 'zone_assumed') AS detect_basis

-- into zeek_json
WITH
  {{use clock j.ts}}
SELECT
  {{record_values}},
  {{use times}},
  multiIf(
    bitTest(flags, 0), 'partial',
    j.ts = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(if(j.`id.orig_h` = '', j.src, j.`id.orig_h`)) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(
    j.`_path` != '', j.`_path`,
    j.note != '' AND j.msg != '', 'notice',
    j.conn_state != '', 'conn',
    j.qtype_name != '', 'dns',
    j.method != '' AND j.uri != '', 'http',
    j.func != '', 'modbus',
    extract(source, '([a-z0-9_]+)[^/]*[.]log')
  ) AS path,
  j.`uid` AS uid, j.`id.orig_h` AS orig_h, accurateCastOrDefault(j.`id.orig_p`, 'UInt16') AS orig_p,
  j.`id.resp_h` AS resp_h, accurateCastOrDefault(j.`id.resp_p`, 'UInt16') AS resp_p, j.`proto` AS proto,
  j.`service` AS service, j.`note` AS note, j.`msg` AS msg, j.`sub` AS sub, j.`src` AS src, j.`dst` AS dst,
  accurateCastOrDefault(j.`p`, 'UInt16') AS p, j.`duration` AS duration,
  accurateCastOrDefault(j.`orig_bytes`, 'UInt64') AS orig_bytes,
  accurateCastOrDefault(j.`resp_bytes`, 'UInt64') AS resp_bytes, j.`conn_state` AS conn_state,
  j.`history` AS history, j.`query` AS query, j.`qtype_name` AS qtype_name, j.`method` AS `method`,
  j.`host` AS host, j.`uri` AS uri, j.`user_agent` AS user_agent,
  accurateCastOrDefault(j.`status_code`, 'UInt16') AS status_code, j.`server_name` AS server_name, j.`ja3` AS ja3,
  j.`client` AS client, j.`hassh` AS hassh, j.`auth_success` AS auth_success, j.`mime_type` AS mime_type,
  j.`md5` AS md5, j.`sha256` AS sha256, j.`func` AS func, j.`name` AS `name`
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        `uid` String, `id.orig_h` String, `id.orig_p` Int64, `id.resp_h` String, `id.resp_p` Int64, `proto` String,
        `service` String, `note` String, `msg` String, `sub` String, `src` String, `dst` String, `p` Int64,
        `duration` Float64, `orig_bytes` Int64, `resp_bytes` Int64, `conn_state` String, `history` String,
        `query` String, `qtype_name` String, `method` String, `host` String, `uri` String, `user_agent` String,
        `status_code` Int64, `server_name` String, `ja3` String, `client` String, `hassh` String,
        `auth_success` Bool, `mime_type` String, `md5` String, `sha256` String, `func` String, `name` String,
        `_path` String, ts String
      )'
    )) AS j
  FROM {{landing zeek}}
)

-- into zeek_tsv
WITH
  toValidUTF8(raw) AS text,
  splitByChar('\t', text) AS f,
  startsWith(text, '#') AS is_header,
  {{use clock f[1]}},
  -- A conn has its state in the twelfth column, a notice its kind in the eleventh.
  match(f[12], '^(S[0-3F]|REJ|RSTO|RSTR|RSTOS0|RSTRH|SH|SHR|OTH)$') AS is_conn,
  match(f[11], '^[A-Za-z0-9_]+::[A-Za-z0-9_]+$') AND NOT is_conn AS is_notice
SELECT
  {{record_values}},
  {{use times}},
  multiIf(
    bitTest(flags, 0), 'partial',
    is_header, 'ok',
    text != raw, 'bad_utf8',
    NOT sensible OR length(f) < 3, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(if(is_notice AND orig_h = '', src, orig_h)) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(is_header, '', is_conn, 'conn', is_notice, 'notice', extract(source, '([a-z0-9_]+)[^/]*[.]log')) AS path,
  if(is_header, '', if(f[2] IN ('-', '(empty)'), '', f[2])) AS uid, if(is_header, '', if(f[3] IN ('-', '(empty)'), '', f[3])) AS orig_h, toUInt16OrZero(f[4]) AS orig_p,
  if(is_header, '', if(f[5] IN ('-', '(empty)'), '', f[5])) AS resp_h, toUInt16OrZero(f[6]) AS resp_p,
  multiIf(is_conn, f[7], is_notice, if(f[10] IN ('-', '(empty)'), '', f[10]), '') AS proto, if(is_conn, if(f[8] IN ('-', '(empty)'), '', f[8]), '') AS service,
  if(is_notice, f[11], '') AS note, if(is_notice, if(f[12] IN ('-', '(empty)'), '', f[12]), '') AS msg, if(is_notice, if(f[13] IN ('-', '(empty)'), '', f[13]), '') AS sub,
  if(is_notice, if(f[14] IN ('-', '(empty)'), '', f[14]), '') AS src, if(is_notice, if(f[15] IN ('-', '(empty)'), '', f[15]), '') AS dst, if(is_notice, toUInt16OrZero(f[16]), 0) AS p,
  if(is_conn, toFloat64OrZero(f[9]), 0) AS duration, if(is_conn, toUInt64OrZero(f[10]), 0) AS orig_bytes,
  if(is_conn, toUInt64OrZero(f[11]), 0) AS resp_bytes, if(is_conn, f[12], '') AS conn_state,
  if(is_conn, if(f[16] IN ('-', '(empty)'), '', f[16]), '') AS history
FROM {{landing zeek}}
