-- Record tables -> event: notices alone. What Zeek saw without a notice is a record: the honeypot tells of the attack.

-- from zeek_json
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    startsWith(note, 'Scan::'), 'scan',
    match(note, '(?i)Password_Guessing|Bruteforc|Login'), 'authenticate',
    match(note, '(?i)Attack|Exploit|Injection|Heartbleed|Overflow|CVE'), 'bypass',
    'probe'
  ) AS action,
  'computer' AS target_kind,
  replaceRegexpOne(if(destination_ip = toIPv6('::'), '', toString(destination_ip)), '^::ffff:', '') AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  orig_p AS source_port,
  toIPv6OrDefault(if(resp_h = '', dst, resp_h)) AS destination_ip,
  if(resp_p = 0, p, resp_p) AS destination_port,
  'unknown' AS direction,
  'network' AS vantage,
  toString(proto) AS transport,
  uid AS session,
  toString(note) AS signature,
  mapFilter((name_of, content) -> content != '', map('msg', msg, 'sub', sub)) AS extra
FROM {{record zeek_json}}
WHERE path = 'notice' AND attacker_ip != toIPv6('::')

-- from zeek_tsv
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    startsWith(note, 'Scan::'), 'scan',
    match(note, '(?i)Password_Guessing|Bruteforc|Login'), 'authenticate',
    match(note, '(?i)Attack|Exploit|Injection|Heartbleed|Overflow|CVE'), 'bypass',
    'probe'
  ) AS action,
  'computer' AS target_kind,
  replaceRegexpOne(if(destination_ip = toIPv6('::'), '', toString(destination_ip)), '^::ffff:', '') AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  orig_p AS source_port,
  toIPv6OrDefault(if(resp_h = '', dst, resp_h)) AS destination_ip,
  if(resp_p = 0, p, resp_p) AS destination_port,
  'unknown' AS direction,
  'network' AS vantage,
  toString(proto) AS transport,
  uid AS session,
  toString(note) AS signature,
  mapFilter((name_of, content) -> content != '', map('msg', msg, 'sub', sub)) AS extra
FROM {{record zeek_tsv}}
WHERE path = 'notice' AND attacker_ip != toIPv6('::')
