-- Record table -> event. README.md says for every message what it yields and why; `kind` is facility and mnemonic, with FTD,
-- PIX and FWSM counted as ASA, whose numbers they share.

-- from cisco_syslog
WITH
  concat(if(facility IN ('FTD', 'PIX', 'FWSM'), 'ASA', facility), '-', mnemonic) AS kind,
  match(kind, '^ASA-4000[0-9][0-9]$') OR kind = 'IPS-SIGNATURE' AS is_signature
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    kind IN ('ASA-106016', 'ASA-106017', 'ASA-106021', 'ASA-106022'), 'spoof',
    kind = 'ASA-733101', 'scan',
    kind IN (
      'ASA-605004', 'ASA-605005', 'ASA-113005', 'ASA-113015', 'ASA-611101', 'ASA-611102', 'ASA-716039',
      'SEC_LOGIN-LOGIN_SUCCESS', 'SEC_LOGIN-LOGIN_FAILED', 'SYS-PRIV_AUTH_FAIL', 'SYS-PRIV_AUTH_PASS'
    ), 'authenticate',
    kind IN ('ASA-111008', 'ASA-111010', 'PARSER-CFGLOG_LOGGEDCMD'), 'input',
    kind = 'SYS-CONFIG_I', 'modify',
    'probe'
  ) AS action,
  multiIf(
    action = 'authenticate', 'account', action = 'input', 'process', action = 'modify', 'component', 'computer'
  ) AS target_kind,
  multiIf(
    action = 'authenticate', record.username,
    action = 'input', 'cli',
    action = 'modify', 'configuration',
    dst_ip
  ) AS target,
  multiIf(
    kind IN ('ASA-605005', 'ASA-611101', 'SEC_LOGIN-LOGIN_SUCCESS', 'SYS-PRIV_AUTH_PASS', 'SYS-CONFIG_I'), 'success',
    action = 'authenticate', 'failure',
    kind IN ('ASA-302013', 'ASA-302015', 'ASA-302020', 'SSH-SSH2_SESSION'), 'success',
    match(message, '(?i)permitted'), 'success',
    match(message, '(?i)den(y|ied)|discarded'), 'failure',
    'unknown'
  ) AS outcome,
  attacker_ip AS source_ip,
  if(proto = 'icmp', 0, src_port) AS source_port,
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  if(action IN ('authenticate', 'input', 'modify'), 'inbound', 'unknown') AS direction,
  -- What is done to the device itself is the device's own view; what passes it is the network's.
  if(action IN ('authenticate', 'input', 'modify'), 'honeypot', 'network') AS vantage,
  multiIf(
    kind = 'SSH-SSH2_SESSION', 'ssh',
    action = 'authenticate', transform(dst_port, [22, 23, 80, 443], ['ssh', 'telnet', 'http', 'http'], ''),
    ''
  ) AS service,
  multiIf(proto IN ('icmp6', 'icmpv6', 'ipv6-icmp'), 'icmp', service != '', 'tcp', toString(proto)) AS transport,
  if(action IN ('authenticate', 'input', 'modify'), record.username, '') AS username,
  record.command AS command,
  if(is_signature, toString(list), '') AS signature,
  mapFilter(
    (name_of, content) -> content NOT IN ('', '0'),
    map('message', kind, 'list', if(is_signature, '', toString(list)), 'hits', toString(hits))
  ) AS extra
FROM {{record cisco_syslog}} AS record
WHERE (
  kind IN (
    'ASA-106001', 'ASA-106006', 'ASA-106007', 'ASA-106010', 'ASA-106014', 'ASA-106016', 'ASA-106017', 'ASA-106021',
    'ASA-106022', 'ASA-106023', 'ASA-106100', 'ASA-302013', 'ASA-302015', 'ASA-302020', 'ASA-313001', 'ASA-313008',
    'ASA-710003', 'ASA-710005', 'ASA-733101', 'ASA-605004', 'ASA-605005', 'ASA-113005', 'ASA-113015', 'ASA-611101',
    'ASA-611102', 'ASA-716039', 'ASA-111008', 'ASA-111010', 'SEC_LOGIN-LOGIN_SUCCESS', 'SEC_LOGIN-LOGIN_FAILED',
    'SYS-PRIV_AUTH_FAIL', 'SYS-PRIV_AUTH_PASS', 'SEC-IPACCESSLOGP', 'SEC-IPACCESSLOGDP', 'SEC-IPACCESSLOGNP',
    'SEC-IPACCESSLOGS', 'IPV6_ACL-ACCESSLOGP', 'IPV6_ACL-ACCESSLOGDP', 'IPV6_ACL-ACCESSLOGNP', 'IPS-SIGNATURE',
    'SSH-SSH2_SESSION', 'PARSER-CFGLOG_LOGGEDCMD', 'SYS-CONFIG_I'
  )
  OR is_signature
)
  -- A connection from inside is the honeypot's own, and of a change without an address nobody is known.
  AND NOT (kind IN ('ASA-302013', 'ASA-302015', 'ASA-302020') AND position(message, 'Built inbound') = 0)
  AND (attacker_ip != toIPv6('::') OR action IN ('authenticate', 'input'))
