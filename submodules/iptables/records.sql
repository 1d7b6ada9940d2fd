-- Landing table -> record tables. A line of the kernel is the text of the LOG target behind syslog's head; other lines
-- of the kernel are kept as `unknown_kind`. An ICMP error quotes the packet that it is about behind it: the first of each
-- name counts.

-- into iptables_kernel
WITH
  toValidUTF8(raw) AS text,
  extractGroups(
    text,
    '^(?:<[0-9]+>)?(?:1 )?([A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)? *((?:[^ ]+ )?kernel: *|[^ ]+ kernel - - - *|[^ ]+ )?(.*?)IN=[^ ]* OUT='
  ) AS c,
  -- ulogd writes no program's name, so that its prefix begins behind the host.
  match(c[1], '(Z|[+-][0-9]{2}:?[0-9]{2})$') AND length(c[1]) > 19 AS has_zone,
  match(c[1], '^[0-9]') AS has_year,
  parseDateTime64BestEffortOrNull(if(has_year, c[1], concat('2000 ', c[1])), 6, 'UTC') AS shown,
  multiIf(c[1] = '', NULL, has_year, shown, {{with_year shown}}) AS dated,
  if(has_zone, dated, {{zoned dated}}) AS written,
  {{sensible written}} AS sensible,
  splitByChar(' ', extract(text, ' RES=[^ ]*( .*)')) AS words
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', has_year, 'zone_assumed', 'year_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible OR attacker_ip = toIPv6('::') OR DST = '', 'partial',
    'ok'
  ) AS parse,
  -- A packet that only leaves was sent by the honeypot.
  toIPv6OrDefault(if(`IN` = '' AND `OUT` != '', DST, SRC)) AS attacker_ip,
  {{geo attacker_ip}},
  trimRight(replaceRegexpOne(c[3], '^\\[ *[0-9]+\\.[0-9]+\\] *', '')) AS PREFIX,
  extract(text, 'IN=([^ ]*) OUT=') AS `IN`, extract(text, ' OUT=([^ ]*)') AS OUT,
  extract(text, ' MAC=([^ ]*)') AS MAC, extract(text, ' SRC=([^ ]*)') AS SRC, extract(text, ' DST=([^ ]*)') AS DST,
  toUInt32OrZero(extract(text, ' LEN=([^ ]*)')) AS LEN, extract(text, ' (?:TOS|TC)=([^ ]*)') AS TOS,
  toUInt8OrZero(extract(text, ' (?:TTL|HOPLIMIT)=([0-9]+)')) AS TTL,
  toUInt32OrZero(extract(text, ' ID=([^ ]*)')) AS ID, extract(text, ' PROTO=([^ ]*)') AS PROTO,
  toUInt16OrZero(extract(text, ' SPT=([^ ]*)')) AS SPT, toUInt16OrZero(extract(text, ' DPT=([^ ]*)')) AS DPT,
  toUInt32OrZero(extract(text, ' WINDOW=([^ ]*)')) AS WINDOW,
  arrayStringConcat(arrayFilter(flag -> has(words, flag), ['SYN', 'ACK', 'FIN', 'RST', 'PSH', 'URG', 'ECE', 'CWR']), ' ') AS FLAGS,
  toUInt8OrZero(extract(text, ' TYPE=([^ ]*)')) AS TYPE, toUInt8OrZero(extract(text, ' CODE=([^ ]*)')) AS CODE,
  extract(text, ' MARK=([^ ]*)') AS MARK, extract(text, ' UID=([^ ]*)') AS UID
FROM {{landing iptables}}

-- into iptables_ulogd
WITH
  match(j.timestamp, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.timestamp = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible, 'partial',
    -- ulogd names the device and the packet in every line; JSON without them is of another program.
    j.dvc = '' AND j.`oob.prefix` = '' AND j.`oob.in` = '' AND j.`oob.out` = '' AND j.`ip.protocol` = 0
      AND j.`ip6.nexthdr` = 0, 'partial',
    j.src_ip = '', 'unknown_kind',
    attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(if(j.`oob.in` = '' AND j.`oob.out` != '', j.dest_ip, j.src_ip)) AS attacker_ip,
  {{geo attacker_ip}},
  j.dvc AS dvc, j.action AS action, j.`oob.prefix` AS prefix, j.`oob.in` AS `in`, j.`oob.out` AS `out`,
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dest_ip AS dest_ip,
  accurateCastOrDefault(j.dest_port, 'UInt16') AS dest_port,
  accurateCastOrDefault(if(j.`ip.protocol` = 0, j.`ip6.nexthdr`, j.`ip.protocol`), 'UInt8') AS protocol,
  accurateCastOrDefault(j.`ip.totlen`, 'UInt32') AS totlen, accurateCastOrDefault(j.`ip.ttl`, 'UInt8') AS ttl,
  accurateCastOrDefault(j.`tcp.syn`, 'UInt8') AS syn, accurateCastOrDefault(j.`tcp.ack`, 'UInt8') AS ack,
  accurateCastOrDefault(j.`tcp.rst`, 'UInt8') AS rst, accurateCastOrDefault(j.`tcp.fin`, 'UInt8') AS fin,
  accurateCastOrDefault(if(j.`icmp.type` = 0, j.`icmpv6.type`, j.`icmp.type`), 'UInt8') AS icmp_type
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        dvc String, action String, `oob.prefix` String, `oob.in` String, `oob.out` String, src_ip String,
        src_port Int64, dest_ip String, dest_port Int64, `ip.protocol` Int64, `ip.totlen` Int64, `ip.ttl` Int64,
        `tcp.syn` Int64, `tcp.ack` Int64, `tcp.rst` Int64, `tcp.fin` Int64, `icmp.type` Int64, `ip6.nexthdr` Int64,
        `icmpv6.type` Int64, timestamp String
      )'
    )) AS j
  FROM {{landing iptables}}
)
