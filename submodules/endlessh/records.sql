-- Landing table -> record table. Times are UTC and end in Z; syslog may stand before them. With -s Endlessh writes to syslog
-- itself, and no time of its own.

-- into endlessh_log
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3})Z (.*)$') AS c,
  extractGroups(
    text,
    '^(?:<[0-9]+>)?(?:1 )?([A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+-][0-9:]+)?) (?:[^ ]+ )?endlessh(?:\\[[0-9]+\\]:| [^ ]+ - -) (.*)$'
  ) AS s,
  length(c) = 0 AND length(s) > 0 AS by_syslog,
  extractGroups(if(by_syslog, s[2], c[2]), '^(ACCEPT|CLOSE) host=([^ ]*) port=([0-9]+) fd=([0-9]+) (.*)$') AS visit,
  match(s[1], '(Z|[+-][0-9]{2}:?[0-9]{2})$') AND length(s[1]) > 19 AS has_zone,
  match(s[1], '^[0-9]') AS has_year,
  parseDateTime64BestEffortOrNull(if(has_year, s[1], concat('2000 ', s[1])), 6, 'UTC') AS shown,
  multiIf(NOT by_syslog, NULL, has_year, shown, {{with_year shown}}) AS dated,
  multiIf(
    length(c) > 0, parseDateTime64BestEffortOrNull(c[1], 6, 'UTC'),
    has_zone, dated,
    {{zoned dated}}
  ) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', NOT by_syslog OR has_zone, 'sensor', has_year, 'zone_assumed', 'year_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    length(c) = 0 AND length(s) = 0, 'unknown_kind',
    NOT sensible OR what != '' AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(host) AS attacker_ip,
  {{geo attacker_ip}},
  visit[1] AS what, visit[2] AS host, toUInt16OrZero(visit[3]) AS port,
  if(length(visit) = 0, -1, toInt32OrZero(visit[4])) AS fd,
  if(what = 'ACCEPT', toInt32OrZero(extract(visit[5], '^n=([0-9]+)')), -1) AS n,
  toInt32OrZero(extract(visit[5], '^n=[0-9]+/([0-9]+)')) AS max_clients,
  toFloat64OrZero(extract(visit[5], 'time=([0-9.]+)')) AS time,
  toUInt64OrZero(extract(visit[5], 'bytes=([0-9]+)')) AS bytes
FROM {{landing endlessh}}
