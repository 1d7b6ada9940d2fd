-- Record table -> event: AUTH is a log-in, a mail and every other command an input. mail.log tells the same mails again.

-- from mailoney_commands
WITH
  verb = 'AUTH' AS is_login,
  -- AUTH PLAIN has both, each behind a null byte; AUTH LOGIN may have the name.
  extract(data, '^(?i)auth +plain +(\\S+)') AS plain_coded,
  extract(data, '^(?i)auth +login +(\\S+)') AS login_coded,
  splitByChar('\0', if(plain_coded = '', '', tryBase64Decode(plain_coded))) AS parts,
  verb NOT IN (
    'HELO', 'EHLO', 'NOOP', 'QUIT', 'MAIL', 'RCPT', 'RSET', 'DATA', 'STARTTLS', 'HELP', 'VRFY', 'EXPN', 'BDAT', 'LHLO'
  ) AND match(data, '^[A-Za-z-]+: (?s).*\n') AS is_mail
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(is_login, 'authenticate', 'input') AS action,
  if(is_login, 'account', 'process') AS target_kind,
  if(is_login, username, if(is_mail, 'mail', 'smtp')) AS target,
  if(is_login, 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'smtp' AS service,
  'tcp' AS transport,
  multiIf(
    NOT is_login, '',
    length(parts) > 2, toValidUTF8(parts[2]),
    login_coded != '', toValidUTF8(tryBase64Decode(login_coded)),
    ''
  ) AS username,
  if(is_login AND length(parts) > 2, toValidUTF8(parts[3]), '') AS password,
  if(is_login OR is_mail, '', data) AS command,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'mail_from', if(is_mail, extract(data, '(?im)^from: *([^\r\n]*)'), ''),
      'mail_to', if(is_mail, extract(data, '(?im)^to: *([^\r\n]*)'), ''),
      'mail_subject', if(is_mail, extract(data, '(?im)^subject: *([^\r\n]*)'), '')
    )
  ) AS extra
FROM {{record mailoney_commands}}
WHERE data != ''
