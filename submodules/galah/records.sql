-- Landing table -> record table. Times have their zone. Until May 2024 a line was the request alone, with `timestamp`, no
-- `msg`, and its headers as one text, in which each is `name: [values]`. T-Pot's has no objects in its lines, but names with
-- dots, and other names for the ends of the connection.

-- into galah_log
WITH
  multiIf(j.eventTime != '', j.eventTime, j.timestamp != '', j.timestamp, j.time) AS moment,
  match(moment, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(moment) >= 19, parseDateTime64BestEffortOrNull(moment, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible,
  j.msg = '' AND j.timestamp != '' AND j.httpRequest.method != '' AS is_first,
  j.`request.method` != '' AS is_flat,
  -- In the text of the first form a client may have written a second one: then nothing says which is the proxy's.
  if(is_first, extractAll(JSONExtractString(text, 'httpRequest', 'headers'), '\\bX-Forwarded-For: \\[([^\\]]*)\\]'), []) AS said,
  if(is_first, if(length(said) = 1, said[1], ''), j.httpRequest.headers['X-Forwarded-For']) AS forwarded
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.msg = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.msg = '' AND NOT is_first OR attacker_ip = toIPv6('::'), 'partial',
    NOT match(msg, '^(successful|failed)Response'), 'unknown_kind',
    'ok'
  ) AS parse,
  {{client srcIP forwarded}} AS attacker_ip,
  {{geo attacker_ip}},
  if(is_first, 'successfulResponse', j.msg) AS msg, if(is_flat, j.src_ip, j.srcIP) AS srcIP,
  toUInt16OrZero(if(is_flat, j.src_port, j.srcPort)) AS srcPort, if(is_flat, j.hostname, j.srcHost) AS srcHost,
  if(is_flat, arrayFilter(tag -> tag != '', splitByChar(',', JSONExtractString(text, 'tags'))), j.tags) AS tags,
  j.sensorName AS sensorName, toUInt16OrZero(if(is_flat, j.dest_port, j.port)) AS port,
  if(is_flat, j.session, j.httpRequest.sessionID) AS sessionID,
  if(is_flat, j.`request.method`, j.httpRequest.method) AS method,
  if(is_flat, j.`request.requestURI`, j.httpRequest.request) AS request,
  if(is_flat, j.`request.protocol`, j.httpRequest.protocolVersion) AS protocolVersion,
  mapFilter(
    (name_of, content) -> content != '',
    multiIf(
      is_first, map('Authorization', extract(JSONExtractString(text, 'httpRequest', 'headers'), '\\bAuthorization: \\[([^\\]]*)\\]')),
      is_flat, map('Authorization', j.`request.headers.Authorization`),
      j.httpRequest.headers
    )
  ) AS headers,
  if(is_flat, j.`request.headers.sortedSha256`, j.httpRequest.headersSortedSha256) AS headersSortedSha256,
  if(is_flat, j.`request.userAgent`, j.httpRequest.userAgent) AS userAgent,
  if(is_flat, j.`request.body`, j.httpRequest.body) AS body,
  if(is_flat, j.`request.bodySha256`, j.httpRequest.bodySha256) AS bodySha256,
  if(is_flat, j.`response.body`, j.httpResponse) AS httpResponse,
  if(is_flat, j.suricata_matches, j.suricataMatches) AS suricataMatches
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String, `srcIP` String, `srcPort` String, `srcHost` String, tags Array(String), `sensorName` String,
        port String,
        `httpRequest` Tuple(body String, `bodySha256` String, headers Map(String, String), `headersSortedSha256` String, method String, `protocolVersion` String, request String, `sessionID` String, `userAgent` String),
        `httpResponse` String, `suricataMatches` Array(Tuple(sid String, msg String)), `eventTime` String, timestamp String, time String,
        src_ip String, src_port String, dest_port String, hostname String, session String, `request.method` String,
        `request.requestURI` String, `request.protocol` String, `request.userAgent` String, `request.body` String,
        `request.bodySha256` String, `request.headers.sortedSha256` String, `request.headers.Authorization` String,
        `response.body` String, suricata_matches Array(Tuple(sid String, msg String))
      )'
    )) AS j
  FROM {{landing galah}}
)
