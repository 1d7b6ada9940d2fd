-- Record table -> event, by category. What is said of a host, of mails or of a test is no step of an attacker towards a target.

-- from idea_messages
WITH
  arrayStringConcat(Category, ' ') AS categories,
  if(empty(target_proto), source_proto, target_proto) AS proto,
  arrayFirst(address -> toIPv6OrDefault(address) != toIPv6('::'), target_addresses) AS target_address
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    match(categories, 'Availability\\.D?DoS'), 'flood',
    match(categories, 'Attempt\\.Login'), 'authenticate',
    match(categories, 'Attempt\\.|Intrusion\\.(Admin|User|App)Compromise'), 'bypass',
    match(categories, 'Information\\.UnauthorizedAccess'), 'read',
    match(categories, 'Information\\.UnauthorizedModification'), 'modify',
    match(categories, 'Fraud\\.Phishing'), 'spoof',
    match(categories, 'Recon\\.Scanning'), 'scan',
    'probe'
  ) AS action,
  multiIf(action IN ('read', 'modify'), 'data', action = 'scan' AND target_address = '', 'network', 'computer') AS target_kind,
  multiIf(target_address != '', target_address, notEmpty(target_addresses), target_addresses[1], target_hostname) AS target,
  multiIf(match(categories, 'Intrusion|Information\\.'), 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  record.source_port AS source_port,
  toIPv6OrDefault(target_address) AS destination_ip,
  target_port AS destination_port,
  'unknown' AS direction,
  if(arrayExists(type -> lower(type) = 'honeypot', node_type), 'honeypot', 'network') AS vantage,
  arrayFirst(
    name_of -> name_of NOT IN ('tcp', 'udp', 'icmp', 'icmp6', 'sctp'),
    arrayMap(name_of -> transform(lower(name_of), ['www', 'epmap'], ['http', 'epmapper'], lower(name_of)), proto)
  ) AS service,
  arrayFirst(name_of -> name_of IN ('tcp', 'udp', 'icmp', 'icmp6', 'sctp'), arrayMap(name_of -> lower(name_of), proto)) AS transport,
  target_url AS url,
  Description AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'category', categories,
      'ref', arrayStringConcat(Ref, ' '),
      'node', toString(node_name),
      'connections', if(ConnCount = 0, '', toString(ConnCount)),
      'sources', if(length(source_addresses) > 1, arrayStringConcat(source_addresses, ' '), ''),
      'targets', if(length(target_addresses) > 1, arrayStringConcat(target_addresses, ' '), '')
    )
  ) AS extra
FROM {{record idea_messages}} AS record
WHERE match(
  categories,
  'Recon\\.|Attempt\\.|Availability\\.D?DoS|Intrusion\\.(Admin|User|App)Compromise|Information\\.Unauthorized(Access|Modification)|Fraud\\.Phishing'
)
  AND NOT has(Category, 'Test')
