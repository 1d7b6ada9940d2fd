-- Landing table -> record tables. Times are local: 2026-11-23-04:56:29.2899.

-- define clock
  toValidUTF8(raw) AS text,
  concat(substring(text, 1, 10), ' ', substring(text, 12, 13)) AS clock,
  if(match(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9:]{8}[.]'), parseDateTime64BestEffortOrNull(clock, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible

-- into honeyd_packet
WITH
  {{use clock}},
  match(text, '^[^ ]+ honeyd log (started|stopped) -') AS own,
  -- Protocol, kind, sender, its port, receiver, its port (or for ICMP type and code behind a colon), and the rest.
  extractGroups(
    text,
    '^[^ ]+ ([^ (]+)\\(([0-9]+)\\) ([-SE]) ([0-9a-fA-F.:]+?)(?: ([0-9]+))? ([0-9a-fA-F.:]+?)(?: ([0-9]+))?(?:: ([0-9]+)\\(([0-9]+)\\))?(?:: (.*)|( \\[.*))?$'
  ) AS c,
  extractGroups(c[10], '^([0-9]+)(?: ([0-9]+))?(?: ([A-Z]+))?') AS n
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    NOT sensible, 'partial',
    own, 'ok',
    attacker_ip = toIPv6('::') OR toIPv6OrDefault(dst_ip) = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(c[4]) AS attacker_ip,
  {{geo attacker_ip}},
  c[1] AS proto, if(own, 'log', c[3]) AS kind, c[4] AS src_ip, toUInt16OrZero(c[5]) AS src_port, c[6] AS dst_ip,
  toUInt16OrZero(c[7]) AS dst_port, toUInt8OrZero(c[8]) AS icmp_type, toUInt8OrZero(c[9]) AS icmp_code,
  if(kind = '-', toUInt32OrZero(n[1]), 0) AS `size`, n[3] AS tcp_flags,
  trimBoth(extract(if(c[10] = '', c[11], c[10]), '\\[([^\\]]*)\\]')) AS os,
  trimBoth(replaceRegexpOne(c[10], '^[0-9]+( [0-9]+)?( [A-Z]+)?( \\[[^\\]]*\\])?', '')) AS remark,
  if(kind = 'E', toUInt64OrZero(n[1]), 0) AS received, if(kind = 'E', toUInt64OrZero(n[2]), 0) AS sent
FROM {{landing honeyd}}

-- into honeyd_service
WITH
  {{use clock}},
  match(text, '^[^ ]+ honeyd log (started|stopped) -') AS own,
  extractGroups(text, '^[^ ]+ ([^ (]+)\\([0-9]+\\) ([0-9a-fA-F.:]+) ([0-9]+) ([0-9a-fA-F.:]+) ([0-9]+): [|](.*)[|]$') AS c
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    NOT sensible, 'partial',
    own, 'ok',
    attacker_ip = toIPv6('::') OR toIPv6OrDefault(dst_ip) = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(c[2]) AS attacker_ip,
  {{geo attacker_ip}},
  c[1] AS proto, c[2] AS src_ip, toUInt16OrZero(c[3]) AS src_port, c[4] AS dst_ip, toUInt16OrZero(c[5]) AS dst_port,
  c[6] AS line
FROM {{landing honeyd}}
