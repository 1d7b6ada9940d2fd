-- Landing table -> record tables. Times are local: 2026/11/23 04:50:10.

-- define parse
  multiIf(
    bitTest(flags, 0), 'partial',
    `mod` = '' AND NOT {{1}}, 'not_json',
    {{2}}, 'bad_utf8',
    number_cut OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    `mod` NOT IN (
      'syn', 'syn+ack', 'sendsyn probe', 'sendsyn response', 'mtu', 'uptime', 'http request', 'http response',
      'host change', 'ip sharing'
    ), 'unknown_kind',
    'ok'
  ) AS parse

-- into p0f_log
WITH
  toValidUTF8(raw) AS text,
  false AS number_cut,
  extract(text, '^\\[([0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8})\\]') AS clock,
  if(length(clock) >= 19, parseDateTime64BestEffortOrNull(clock, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible,
  -- The last field may hold bars itself: what an HTTP client calls itself.
  arrayMap(part -> splitByString('=', part, 2), splitByChar('|', replaceRegexpOne(substring(text, 23), '[|]raw_sig=.*$', ''))) AS parts,
  mapFromArrays(
    arrayPushBack(arrayMap(part -> part[1], parts), 'raw_sig'),
    arrayPushBack(arrayMap(part -> part[2], parts), extract(text, '[|]raw_sig=(.*)$'))
  ) AS f
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  {{use parse true text!=raw}},
  toIPv6OrDefault(client_ip) AS attacker_ip,
  {{geo attacker_ip}},
  f['mod'] AS mod, splitByChar('/', f['cli'])[1] AS client_ip,
  toUInt16OrZero(splitByChar('/', f['cli'])[2]) AS client_port, splitByChar('/', f['srv'])[1] AS server_ip,
  toUInt16OrZero(splitByChar('/', f['srv'])[2]) AS server_port, f['subj'] AS subject, f['os'] AS os,
  f['app'] AS app, toUInt8OrZero(f['dist']) AS dist, f['params'] AS params, f['raw_sig'] AS raw_sig,
  f['link'] AS link, toUInt32OrZero(f['raw_mtu']) AS raw_mtu, f['uptime'] AS uptime, f['raw_freq'] AS raw_freq,
  f['reason'] AS reason, f['raw_hits'] AS raw_hits, f['lang'] AS lang
FROM {{landing p0f}}

-- into p0f_json
WITH
  text != spelled AS number_cut,
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  {{use parse isValidJSON(text) spelled!=raw}},
  toIPv6OrDefault(j.client_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.mod AS mod, j.client_ip AS client_ip, toUInt16OrZero(j.client_port) AS client_port, j.server_ip AS server_ip,
  toUInt16OrZero(j.server_port) AS server_port, j.subject AS subject, j.os AS os, j.app AS app,
  toUInt8OrZero(j.dist) AS dist, j.params AS params, j.raw_sig AS raw_sig, j.link AS link,
  toUInt32OrZero(j.raw_mtu) AS raw_mtu, j.uptime AS uptime, j.raw_freq AS raw_freq, j.reason AS reason,
  j.raw_hits AS raw_hits, j.lang AS lang
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        mod String, client_ip String, client_port String, server_ip String, server_port String, subject String,
        os String, app String, dist String, params String, raw_sig String, link String, raw_mtu String,
        uptime String, raw_freq String, reason String, raw_hits String, lang String, timestamp String
      )'
    )) AS j
  FROM {{landing p0f}}
)
