-- Record table -> event. One event of auditd is several lines; the one that says what was done is the event here.

-- from auditd_log
WITH
  `type` = 'USER_AUTH' AS is_login,
  `type` IN ('EXECVE', 'USER_CMD', 'TTY') AS is_input,
  `type` = 'PATH' AS is_path
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    is_login, 'authenticate',
    is_input, 'input',
    is_path AND nametype = 'DELETE' OR `type` IN ('DEL_USER', 'DEL_GROUP'), 'delete',
    'modify'
  ) AS action,
  multiIf(is_input, 'process', is_path, 'data', 'account') AS target_kind,
  multiIf(
    `type` = 'EXECVE', splitByChar(' ', argv)[1],
    `type` = 'USER_CMD', 'sudo',
    `type` = 'TTY', 'shell',
    is_path, `name`,
    acct != '', acct,
    extract(raw, '\\bid=([0-9]+)')
  ) AS target,
  multiIf(res IN ('success', '1'), 'success', res IN ('failed', '0'), 'failure', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  if(attacker_ip = toIPv6('::'), 'unknown', 'inbound') AS direction,
  'host' AS vantage,
  multiIf(
    NOT is_login, '',
    terminal = 'ssh' OR endsWith(exe, '/sshd'), 'ssh',
    match(exe, 'ftpd$'), 'ftp',
    ''
  ) AS service,
  if(service = '', '', 'tcp') AS transport,
  if(ses IN (0, 4294967295), '', toString(ses)) AS session,
  if(target_kind = 'account', acct, '') AS username,
  if(is_input, argv, '') AS command,
  mapFilter(
    (name_of, content) -> content NOT IN ('', '0'),
    map('type', toString(`type`), 'serial', toString(serial), 'exe', exe, 'uid', if(is_input AND `type` != 'EXECVE', toString(uid), ''))
  ) AS extra
FROM {{record auditd_log}}
WHERE
  is_login AND match(op, '^(PAM:authentication|pubkey|key|gssapi)')
  OR is_input AND argv != ''
  OR is_path AND nametype IN ('CREATE', 'DELETE')
  OR `type` IN ('ADD_USER', 'DEL_USER', 'ADD_GROUP', 'DEL_GROUP', 'USER_CHAUTHTOK')
