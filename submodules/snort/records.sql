-- Landing table -> record tables. Times are local, and without a year unless Snort runs with -y: then Snort 2 writes
-- month/day/year, Snort 3 (whose messages are quoted) year/month/day.

-- define shown
-- {{1}} is the time as written, {{2}} whether the year comes first.
  extractGroups({{1}}, '^(?:([0-9][0-9])/)?([0-9][0-9])/([0-9][0-9])(?:/([0-9][0-9]))?-([0-9:]{8}[.]?[0-9]*)') AS t,
  multiIf(
    length(t) = 0, NULL,
    t[1] != '' AND {{2}}, parseDateTime64BestEffortOrNull(concat('20', t[1], '-', t[2], '-', t[3], ' ', t[5]), 6, 'UTC'),
    t[1] != '', parseDateTime64BestEffortOrNull(concat('20', t[3], '-', t[1], '-', t[2], ' ', t[5]), 6, 'UTC'),
    parseDateTime64BestEffortOrNull(concat('2000-', t[2], '-', t[3], ' ', t[5]), 6, 'UTC')
  ) AS shown,
  t[1] != '' AS has_year

-- define end
-- An address with its port: the part behind the last colon, where the protocol has ports.
  if(
    match(proto, '(?i)^(tcp|udp)$'),
    (trimBoth(extract({{1}}, '^(.*):[0-9]+$')), toUInt16OrZero(extract({{1}}, ':([0-9]+)$'))),
    ({{1}}, toUInt16(0))
  )

-- into snort_alert
WITH
  toValidUTF8(raw) AS text,
  extractGroups(
    text,
    '^(.*?)\\[([0-9]+):([0-9]+):([0-9]+)\\] (.*?)(?: \\[\\*\\*\\])? *(?:\\[Classification: ([^\\]]*)\\] *)?(?:\\[Priority: ([0-9]+)\\]:? *)?(?:\\[AppID: [^\\]]*\\] *)?(?:<[^>]*> *)?\\{([^}]*)\\} *([0-9a-fA-F.:]+) -> ([0-9a-fA-F.:]+)'
  ) AS c,
  {{use shown c[1] startsWith(c[5],'"')}},
  -- A line of syslog begins with its own time.
  parseDateTime64BestEffortOrNull(extract(c[1], '^[0-9]{4}-[0-9-]+T[0-9:.]+(?:Z|[+-][0-9:]+)'), 6, 'UTC') AS iso,
  if(
    match(c[1], '^[A-Z][a-z][a-z] [ 0-9][0-9] '),
    parseDateTime64BestEffortOrNull(concat('2000 ', substring(c[1], 1, 15)), 6, 'UTC'),
    shown
  ) AS local,
  if(has_year, local, {{with_year local}}) AS dated,
  if(isNotNull(iso), iso, {{zoned dated}}) AS written,
  {{sensible written}} AS sensible,
  {{use end c[9]}} AS source_end,
  {{use end c[10]}} AS destination_end
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', isNotNull(iso), 'sensor', has_year, 'zone_assumed', 'year_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(source_end.1) AS attacker_ip,
  {{geo attacker_ip}},
  toUInt32OrZero(c[2]) AS gid, toUInt32OrZero(c[3]) AS sid, toUInt32OrZero(c[4]) AS rev,
  replaceRegexpOne(c[5], '^"(.*)"$', '\\1') AS msg, c[6] AS class, toUInt8OrZero(c[7]) AS priority, c[8] AS proto,
  source_end.1 AS src_addr, source_end.2 AS src_port, destination_end.1 AS dst_addr, destination_end.2 AS dst_port
FROM {{landing snort}}

-- into snort_full
WITH
  toValidUTF8(raw) AS text,
  extractGroups(
    text,
    '\[\*\*\] *\[([0-9]+):([0-9]+):([0-9]+)\] ?(.*?) *\[\*\*\]'
  ) AS c,
  -- With the link's header (-e) the addresses stand a line lower, and the protocol behind them.
  extractGroups(
    text,
    '\n((?:[0-9]{2}/){1,2}[0-9]{2}-[0-9:.]+) (?:[^\n]* type:[^\n]*\n)?([0-9a-fA-F.:]+) -> ([0-9a-fA-F.:]+)[ \n]+([A-Z0-9:-]+)'
  ) AS a,
  {{use shown a[1] startsWith(c[4],'"')}},
  if(has_year, shown, {{with_year shown}}) AS dated,
  {{zoned dated}} AS written,
  {{sensible written}} AS sensible,
  a[4] AS proto,
  {{use end a[2]}} AS source_end,
  {{use end a[3]}} AS destination_end
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_year, 'zone_assumed', 'year_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    NOT sensible OR sid = 0 OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(source_end.1) AS attacker_ip,
  {{geo attacker_ip}},
  toUInt32OrZero(c[1]) AS gid, toUInt32OrZero(c[2]) AS sid, toUInt32OrZero(c[3]) AS rev,
  replaceRegexpOne(c[4], '^"(.*)"$', '\1') AS msg, extract(text, '\[Classification: ([^\]]*)\]') AS class,
  toUInt8OrZero(extract(text, '\[Priority: ([0-9]+)\]')) AS priority, proto,
  source_end.1 AS src_addr, source_end.2 AS src_port, destination_end.1 AS dst_addr, destination_end.2 AS dst_port,
  toUInt8OrZero(extract(text, ' TTL:([0-9]+)')) AS ttl,
  arrayStringConcat(extractAll(text, '\[Xref => ([^\]]*)\]'), ' ') AS xref
FROM {{landing snort}}

-- into snort_json
WITH
  {{use shown j.timestamp 1}},
  fromUnixTimestamp64Micro(if(j.seconds BETWEEN 1 AND 99999999999, j.seconds, 0) * 1000000, 'UTC') AS epoch,
  if(has_year, shown, {{with_year shown}}) AS dated,
  {{zoned dated}} AS local,
  -- `seconds` is the same time since 1970, without its fraction.
  if(j.seconds > 0, epoch, local) AS written,
  {{sensible written}} AS sensible,
  if(j.rule = '', [toString(j.gid), toString(j.sid), toString(j.rev)], splitByChar(':', j.rule)) AS r,
  j.proto AS proto,
  if(j.src_addr = '', {{use end j.src_ap}}, (j.src_addr, accurateCastOrDefault(j.src_port, 'UInt16'))) AS source_end,
  if(j.dst_addr = '', {{use end j.dst_ap}}, (j.dst_addr, accurateCastOrDefault(j.dst_port, 'UInt16'))) AS destination_end
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', j.seconds > 0, 'sensor', has_year, 'zone_assumed', 'year_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    sid = 0 AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR sid = 0 OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(if(dir = 'S2C', destination_end.1, source_end.1)) AS attacker_ip,
  {{geo attacker_ip}},
  toUInt32OrZero(r[1]) AS gid, toUInt32OrZero(r[2]) AS sid, toUInt32OrZero(r[3]) AS rev, j.msg AS msg,
  j.class AS class, accurateCastOrDefault(j.priority, 'UInt8') AS priority, proto,
  source_end.1 AS src_addr, source_end.2 AS src_port, destination_end.1 AS dst_addr, destination_end.2 AS dst_port,
  j.dir AS dir, j.service AS service, j.action AS action, accurateCastOrDefault(j.pkt_num, 'UInt64') AS pkt_num,
  accurateCastOrDefault(j.pkt_len, 'UInt32') AS pkt_len, j.pkt_gen AS pkt_gen,
  accurateCastOrDefault(j.ttl, 'UInt8') AS ttl, j.iface AS iface, accurateCastOrDefault(j.vlan, 'UInt16') AS vlan,
  j.tcp_flags AS tcp_flags, j.b64_data AS b64_data
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String, class String, priority Int64, proto String, dir String, service String, action String,
        pkt_num Int64, pkt_len Int64, pkt_gen String, ttl Int64, iface String, vlan Int64, tcp_flags String,
        b64_data String, timestamp String, seconds Int64, rule String, gid Int64, sid Int64, rev Int64,
        src_ap String, dst_ap String, src_addr String, dst_addr String, src_port Int64, dst_port Int64
      )'
    )) AS j
  FROM {{landing snort}}
)

-- into snort_unified2
-- What u2json of idstools makes of unified2: a line for each of its records. Seconds are since 1970. Of ICMP the ports
-- are type and code.
WITH
  multiIf(
    type = 'event', (e.`event-second`, e.`event-microsecond`),
    type = 'packet', (p.`packet-second`, p.`packet-microsecond`),
    (x.`event-second`, 0)
  ) AS at,
  if(
    at.1 BETWEEN 1 AND 99999999999 AND at.2 BETWEEN 0 AND 999999,
    fromUnixTimestamp64Micro(at.1 * 1000000 + at.2, 'UTC'),
    NULL
  ) AS written,
  {{sensible written}} AS sensible,
  e.protocol IN (6, 17) AS has_ports
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    type = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    type NOT IN ('event', 'packet', 'extra-data'), 'unknown_kind',
    wounded AND text != spelled OR NOT sensible, 'partial',
    type = 'event' AND (sid = 0 OR attacker_ip = toIPv6('::')), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(e.`source-ip`) AS attacker_ip,
  {{geo attacker_ip}},
  type,
  accurateCastOrDefault(
    multiIf(type = 'packet', p.`event-id`, type = 'extra-data', x.`event-id`, e.`event-id`),
    'UInt32'
  ) AS event_id_,
  accurateCastOrDefault(e.`generator-id`, 'UInt32') AS gid, accurateCastOrDefault(e.`signature-id`, 'UInt32') AS sid,
  accurateCastOrDefault(e.`signature-revision`, 'UInt32') AS rev, e.msg AS msg, e.classification AS class,
  accurateCastOrDefault(e.priority, 'UInt8') AS priority,
  transform(e.protocol, [1, 6, 17, 58], ['icmp', 'tcp', 'udp', 'icmp6'], if(type = 'event', toString(e.protocol), '')) AS proto,
  e.`source-ip` AS src_addr, if(has_ports, accurateCastOrDefault(e.`sport-itype`, 'UInt16'), 0) AS src_port,
  e.`destination-ip` AS dst_addr, if(has_ports, accurateCastOrDefault(e.`dport-icode`, 'UInt16'), 0) AS dst_port,
  accurateCastOrDefault(e.blocked, 'UInt8') AS blocked, accurateCastOrDefault(e.`vlan-id`, 'UInt16') AS vlan_id,
  e.appid AS appid, accurateCastOrDefault(p.linktype, 'UInt32') AS linktype, x.`extra-data-type` AS extra_data_type,
  if(type = 'packet', p.data, x.data) AS data
FROM (
  WITH
    {{json_text}},
    JSONExtract(
      text,
      'Tuple(
        type String,
        event Tuple(
          msg String, classification String, `event-id` Int64, `event-second` Int64, `event-microsecond` Int64,
          `signature-id` Int64, `generator-id` Int64, `signature-revision` Int64, priority Int64, `sport-itype` Int64,
          `dport-icode` Int64, protocol Int64, blocked Int64, `vlan-id` Int64, appid String, `source-ip` String,
          `destination-ip` String
        ),
        packet Tuple(
          `event-id` Int64, `packet-second` Int64, `packet-microsecond` Int64, linktype Int64, data String
        ),
        `extra-data` Tuple(`event-id` Int64, `event-second` Int64, `extra-data-type` String, data String)
      )'
    ) AS j
  SELECT *, wounded, spelled, text, j.type AS type, untuple(j.event) AS e, untuple(j.packet) AS p,
    untuple(tupleElement(j, 'extra-data')) AS x
  FROM {{landing snort}}
)
