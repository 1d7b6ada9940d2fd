-- Landing table -> record table. Times are local. T-Pot writes JSON, the original `[time] [level] message`; what a body has
-- behind a line's end goes on in lines of its own there.

-- into citrixhoneypot_log
WITH
  extractGroups(text, '^\\[([0-9-]{10} [0-9:]{8},[0-9]{3})\\] \\[([A-Z]+)\\] (.*)$') AS plain,
  if(length(plain) > 0, plain[1], j.asctime) AS asctime,
  if(length(plain) > 0, plain[3], j.message) AS whole,
  extractGroups(whole, '^\\(([0-9a-fA-F.:]+):([0-9]+)\\): ((?s).*)$') AS visit,
  if(length(asctime) >= 19, parseDateTime64BestEffortOrNull(replaceOne(asctime, ',', '.'), 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    length(plain) = 0 AND j.message = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR whole = '', 'partial',
    what = '' AND length(visit) > 0, 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  asctime,
  if(length(plain) > 0, plain[2], j.levelname) AS levelname,
  if(length(visit) > 0, visit[3], whole) AS message,
  visit[1] AS src_ip, toUInt16OrZero(visit[2]) AS src_port,
  multiIf(
    length(visit) = 0, '',
    match(message, '^(GET|POST) Header: '), substring(message, 1, position(message, ' ') - 1),
    startsWith(message, 'POST body: '), 'body',
    startsWith(message, 'Detected CVE-2019-19781 payload: '), 'payload',
    match(message, '^(Detected |Error: unhandled )'), 'detection',
    ''
  ) AS what,
  if(what IN ('GET', 'POST'), substring(message, position(message, ': ') + 2), '') AS path
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text,
    untuple(JSONExtract(text, 'Tuple(asctime String, levelname String, message String)')) AS j
  FROM {{landing citrixhoneypot}}
)
