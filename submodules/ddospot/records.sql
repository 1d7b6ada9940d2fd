-- Landing table -> record tables. Times are local.

-- define flow
-- A row of a pot's table of attacks, with its sender as its parent, but for DNS, which has the name that was asked.
WITH
  if(
    match(r.start, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) '),
    parseDateTime64BestEffortOrNull(r.start, 6, 'UTC'),
    NULL
  ) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.start = '' AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    NOT sensible OR r.src_id = 0, 'partial',
    'ok'
  ) AS parse,
  if(src_id = 0, toIPv6('::'), toIPv6OrDefault(IPv4NumToString(src_id))) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.src_id, 'UInt32') AS src_id,
  r.start AS start, r.latest AS latest, accurateCastOrDefault(r.`count`, 'UInt64') AS `count`

-- define packets
  accurateCastOrDefault(p.src_port, 'UInt16') AS src_port,
  accurateCastOrDefault(r.request_size, 'UInt32') AS request_size,
  accurateCastOrDefault(r.response_size, 'UInt32') AS response_size

-- define bytes
if(position(raw, '"{{1}}":{"$hex":"') > 0, unhex(JSONExtractString(r.{{1}}, '$hex')), r.{{1}}) AS {{1}}

-- define row
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        src_id Int64, domain_id Int64, dst_port Int64, mode Int64, st String, mx Int64, start String, latest String,
        `count` Int64, request_pkt String, response_pkt String, request_size Int64, response_size Int64,
        num_entries Int64, response String, amplification Float64
      ),
      parent Tuple(src_port Int64, domain_name String, opcode Int64, dns_type String, dns_cls String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing ddospot}}
)

-- into ddospot_log
-- DDoSPot itself writes `time - logger - LEVEL - message`, and behind the message of a request `- {…}`; T-Pot has it write
-- the message alone, and of a request the JSON alone.
WITH
  if(length(j.`time`) >= 19, parseDateTime64BestEffortOrNull(j.`time`, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    wounded AND spelled != raw, 'bad_utf8',
    NOT startsWith(body, '{'), if(
      match(
        said,
        '^(Error |Unknown |Threshold reached |Flushing information |New attack |(Weekly|Daily|Full) blacklist |Restored previous |Query timeout |Received NTP |Malformed |Stacktrace: |Invalid |Illegal |Using default |Response size |Line len|No section |Option error: |Sending mail |CTRL-C |[A-Za-z]+Pot (started|starting|detected) |[A-Za-z ]+ received shutdown |[0-9A-Fa-f.:]+:[0-9]+ - |Traceback |[ \t]|$|[A-Za-z_.]+(Error|Exception|Timeout)\\b)'
      ),
      'ok', 'unknown_kind'
    ),
    j.src_ip = '' AND NOT isValidJSON(body), 'not_json',
    -- Its times have a space and no zone; those of other programs with the same words have a T.
    wounded AND text != spelled OR NOT sensible OR NOT match(j.time, '^[0-9-]{10} ') OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(j.src_ip = '', '', JSONHas(body, 'dns_name'), 'dns', j.mode != '', 'ntp', j.st != '' OR j.mx != '', 'ssdp', j.dst_port > 0, 'generic', 'chargen') AS pot,
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, accurateCastOrDefault(j.req_size, 'UInt32') AS req_size,
  accurateCastOrDefault(j.resp_size, 'UInt32') AS resp_size, j.req_pkt AS req_pkt, j.resp_pkt AS resp_pkt,
  j.mode AS mode, j.st AS st, j.mx AS mx, accurateCastOrDefault(j.opcode, 'UInt8') AS opcode,
  j.dns_name AS dns_name, j.dns_type AS dns_type, j.dns_cls AS dns_cls,
  if(startsWith(body, '{'), '', said) AS message
FROM (
  WITH
    {{json_text}},
    replaceRegexpOne(text, '^[0-9-]{10} [0-9:]{8} - [^ ]+ +- [A-Z]+ +- ', '') AS said,
    if(said = text, text, replaceRegexpOne(said, '^[A-Z][A-Za-z -]+ - (\\{.*\\})$', '\\1')) AS body
  SELECT *, wounded, spelled, text, said, body, untuple(JSONExtract(
      body,
      'Tuple(
        src_ip String, src_port Int64, dst_port Int64, req_size Int64, resp_size Int64, req_pkt String,
        resp_pkt String, mode String, st String, mx String, opcode Int64, dns_name String, dns_type String,
        dns_cls String, `time` String
      )'
    )) AS j
  FROM {{landing ddospot}}
)

-- into ddospot_chargen_attack
{{use flow}},
  {{use bytes request_pkt}},
  {{use packets}}
{{use row}}

-- into ddospot_dns_attack
{{use flow}},
  accurateCastOrDefault(r.domain_id, 'UInt64') AS domain_id, p.domain_name AS domain_name,
  accurateCastOrDefault(p.opcode, 'UInt8') AS opcode, p.dns_type AS dns_type, p.dns_cls AS dns_cls,
  accurateCastOrDefault(r.num_entries, 'UInt32') AS num_entries, r.amplification AS amplification,
  {{use bytes response}}
{{use row}}

-- into ddospot_generic_attack
{{use flow}},
  accurateCastOrDefault(r.dst_port, 'UInt16') AS dst_port,
  {{use bytes request_pkt}},
  {{use packets}}
{{use row}}

-- into ddospot_ntp_attack
{{use flow}},
  accurateCastOrDefault(r.mode, 'UInt8') AS mode,
  {{use bytes response_pkt}},
  {{use bytes request_pkt}},
  {{use packets}}
{{use row}}

-- into ddospot_ssdp_attack
{{use flow}},
  r.st AS st, accurateCastOrDefault(r.mx, 'UInt32') AS mx,
  {{use bytes response_pkt}},
  {{use bytes request_pkt}},
  {{use packets}}
{{use row}}
