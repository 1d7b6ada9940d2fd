-- Landing table -> record table. Times have their zone. Until May 2024 a line was the request alone, with `timestamp`, no
-- `msg`, and its headers as one text, in which each is `name: [values]`.

-- into galah_log
WITH
  multiIf(j.eventTime != '', j.eventTime, j.timestamp != '', j.timestamp, j.time) AS moment,
  match(moment, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(moment) >= 19, parseDateTime64BestEffortOrNull(moment, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible,
  j.msg = '' AND j.timestamp != '' AND j.httpRequest.method != '' AS is_first
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
  toIPv6OrDefault(j.srcIP) AS attacker_ip,
  {{geo attacker_ip}},
  if(is_first, 'successfulResponse', j.msg) AS msg, j.srcIP AS srcIP, toUInt16OrZero(j.srcPort) AS srcPort, j.srcHost AS srcHost, j.tags AS tags,
  j.sensorName AS sensorName, toUInt16OrZero(j.port) AS port, j.httpRequest.sessionID AS sessionID,
  j.httpRequest.method AS method, j.httpRequest.request AS request, j.httpRequest.protocolVersion AS protocolVersion,
  if(
    is_first,
    mapFilter(
      (name_of, content) -> content != '',
      map('Authorization', extract(JSONExtractString(text, 'httpRequest', 'headers'), '\\bAuthorization: \\[([^\\]]*)\\]'))
    ),
    j.httpRequest.headers
  ) AS headers, j.httpRequest.headersSortedSha256 AS headersSortedSha256,
  j.httpRequest.userAgent AS userAgent, j.httpRequest.body AS body, j.httpRequest.bodySha256 AS bodySha256,
  j.httpResponse AS httpResponse, j.suricataMatches AS suricataMatches
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String, `srcIP` String, `srcPort` String, `srcHost` String, tags Array(String), `sensorName` String,
        port String,
        `httpRequest` Tuple(body String, `bodySha256` String, headers Map(String, String), `headersSortedSha256` String, method String, `protocolVersion` String, request String, `sessionID` String, `userAgent` String),
        `httpResponse` String, `suricataMatches` Array(Tuple(sid String, msg String)), `eventTime` String, timestamp String, time String
      )'
    )) AS j
  FROM {{landing galah}}
)
