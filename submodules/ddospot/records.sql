-- Landing table -> record table. Times are local.

-- into ddospot_log
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
    NOT startsWith(raw, '{'), 'ok',
    j.src_ip = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(j.src_ip = '', '', JSONHas(text, 'dns_name'), 'dns', j.mode != '', 'ntp', j.st != '' OR j.mx != '', 'ssdp', j.dst_port > 0, 'generic', 'chargen') AS pot,
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, accurateCastOrDefault(j.req_size, 'UInt32') AS req_size,
  accurateCastOrDefault(j.resp_size, 'UInt32') AS resp_size, j.req_pkt AS req_pkt, j.resp_pkt AS resp_pkt,
  j.mode AS mode, j.st AS st, j.mx AS mx, accurateCastOrDefault(j.opcode, 'UInt8') AS opcode,
  j.dns_name AS dns_name, j.dns_type AS dns_type, j.dns_cls AS dns_cls,
  if(startsWith(raw, '{'), '', text) AS message
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        src_ip String, src_port Int64, dst_port Int64, req_size Int64, resp_size Int64, req_pkt String,
        resp_pkt String, mode String, st String, mx String, opcode Int64, dns_name String, dns_type String,
        dns_cls String, `time` String
      )'
    )) AS j
  FROM {{landing ddospot}}
)
