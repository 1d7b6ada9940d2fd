-- Landing table -> record table. Times end in Z.

-- into adbhoney_json
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.eventid = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.eventid = '' OR j.session = '' AND attacker_ip = toIPv6('::'), 'partial',
    j.eventid NOT IN (
      'adbhoney.session.connect', 'adbhoney.command.input', 'adbhoney.session.file_upload',
      'adbhoney.session.file_download', 'adbhoney.session.closed'
    ), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.eventid AS eventid, j.session AS session, j.sensor AS sensor, j.src_ip AS src_ip,
  toUInt16OrZero(j.src_port) AS src_port, if(j.dst_ip = '', j.dest_ip, j.dst_ip) AS dst_ip,
  toUInt16OrZero(if(j.dst_port = '', j.dest_port, j.dst_port)) AS dst_port, j.unixtime AS unixtime,
  j.input AS input, j.shasum AS shasum, j.outfile AS outfile, j.filename AS filename, j.src_url AS src_url,
  toFloat64OrZero(j.duration) AS duration
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        eventid String, session String, sensor String, src_ip String, src_port String, dst_ip String,
        dst_port String, unixtime Int64, input String, shasum String, outfile String, filename String,
        src_url String, duration String, dest_ip String, dest_port String, timestamp String
      )'
    )) AS j
  FROM {{landing adbhoney}}
)

-- into adbhoney_downloads
{{artifact_select adbhoney}}
