-- Landing table -> record table. Times have their zone. Apache 1.3 and early 2.0 write what was sent as it came; later ones
-- and nginx write bytes as \xhh, and quotation marks as \" or \x22.

-- into access_log
WITH
  toValidUTF8(raw) AS text,
  extractGroups(
    text,
    '^(?:([^ ]+:[0-9]+) )?([^ ]+) ([^ ]+) (.*?) \\[([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9:]{8}) ([+-][0-9]{4})\\] "(.*?)" ([0-9]{3}|-) ([0-9]+|-)(?: "((?:[^"\\\\]|\\\\.)*)" "((?:[^"\\\\]|\\\\.)*)"(?: "([0-9a-fA-F.:, ]*)")?.*)?$'
  ) AS c,
  -- The usual format of nginx has X-Forwarded-For behind the user agent.
  c[15] AS forwarded,
  extractGroups(request, '^([A-Za-z_-]+) (.*?)(?: HTTP/([0-9.]+))?$') AS asked,
  if(
    length(c) = 0,
    NULL,
    parseDateTime64BestEffortOrNull(concat(c[7], '-', leftPad(toString(indexOf(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'], c[6])), 2, '0'), '-', c[5], ' ', c[8], c[9]), 6, 'UTC')
  ) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  {{client host forwarded}} AS attacker_ip,
  {{geo attacker_ip}},
  c[1] AS vhost, c[2] AS host, if(c[3] = '-', '', c[3]) AS ident, if(c[4] = '-', '', c[4]) AS user,
  if(c[10] = '-', '', c[10]) AS request, upper(asked[1]) AS method, asked[2] AS path, asked[3] AS http_version,
  toUInt16OrZero(c[11]) AS status, toUInt64OrZero(c[12]) AS bytes, if(c[13] = '-', '', c[13]) AS referer,
  if(c[14] = '-', '', c[14]) AS user_agent
FROM {{landing access}}
