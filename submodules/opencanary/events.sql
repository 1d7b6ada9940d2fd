-- Record table -> event. README.md says for every logtype what it yields and why.

-- from opencanary_json
WITH
  mapFilter((name_of, content) -> content NOT IN ('null', '<not supplied>', 'Invalid auth-token submitted'), logdata) AS said,
  lower(said['AUDITACTION']) AS audit,
  logtype BETWEEN 5001 AND 5005 AS by_firewall,
  -- SIP has its method in CSeq and the account that registers in To.
  JSONExtract(said['HEADERS'], 'Map(String, Array(String))') AS headers,
  extract(headers['cseq'][1], '[A-Z]+$') AS method,
  splitByChar(' ', said['ARGS']) AS words,
  logtype = 17001 AND upper(said['CMD']) = 'AUTH' AS redis_login,
  multiIf(
    logtype = 15001, if(method = 'REGISTER', extract(headers['to'][1], 'sips?:([^@;>]*)@'), ''),
    redis_login AND length(words) > 1, words[1],
    logtype = 5000, said['USER'],
    said['USERNAME'] != '', said['USERNAME'],
    said['UserName'] != '', said['UserName'],
    said['username']
  ) AS user_name,
  extract(said['VNC Password'], '^[^<].*') AS vnc_password
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    logtype IN (2000, 3001, 4002, 6001, 7001, 8001, 9001, 9002, 12001), 'authenticate',
    logtype = 14001, if(user_name = '', 'probe', 'authenticate'),
    logtype = 15001, multiIf(method = 'OPTIONS', 'probe', method = 'REGISTER', 'authenticate', 'input'),
    logtype = 17001, if(redis_login, 'authenticate', 'input'),
    logtype = 20001, transform(
      said['action'], ['mongodb.connection', 'mongodb.auth_attempt'], ['probe', 'authenticate'], 'input'
    ),
    logtype = 5000, multiIf(
      match(audit, '^(unlink|rmdir)'), 'delete',
      match(audit, '^(p?write|rename|mkdir|create|f?truncate|f?chmod|f?chown|f?set|link|symlink)'), 'modify',
      'read'
    ),
    logtype = 10001, if(said['OPCODE'] = 'WRITE', 'download', 'read'),
    logtype IN (13001, 16001), 'read',
    logtype IN (18004, 18005), 'input',
    logtype = 19001, 'spoof',
    'probe'
  ) AS action,
  multiIf(
    action = 'authenticate', 'account',
    action IN ('read', 'modify', 'delete', 'download') OR intDiv(logtype, 1000) = 3, 'data',
    action = 'input' OR logtype IN (4001, 11001, 15001), 'process',
    'computer'
  ) AS target_kind,
  multiIf(
    target_kind = 'account', user_name,
    logtype = 5000, concat(said['SHARENAME'], '/', said['FILENAME']),
    logtype = 10001, said['FILENAME'],
    logtype = 13001, arrayStringConcat(JSONExtract(said['REQUESTS'], 'Array(String)'), ' '),
    logtype = 16001, said['REPO'],
    logtype = 19001, said['query_hostname'],
    target_kind = 'data', said['PATH'],
    target_kind = 'process', if(service = '', 'tcpbanner', service),
    replaceRegexpOne(dst_host, '^::ffff:', '')
  ) AS target,
  multiIf(
    action = 'authenticate' OR logtype IN (3002, 10001, 13001, 16001), 'failure',
    logtype = 5000, multiIf(said['STATUS'] = 'ok', 'success', startsWith(said['STATUS'], 'fail'), 'failure', 'unknown'),
    action = 'input' OR by_firewall, 'unknown',
    'success'
  ) AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dst_host) AS destination_ip,
  dst_port AS destination_port,
  'inbound' AS direction,
  if(by_firewall, 'network', 'honeypot') AS vantage,
  multiIf(
    logtype = 5000, 'smb',
    logtype IN (9001, 9002), 'mssql',
    transform(
      intDiv(logtype, 1000),
      [2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20],
      ['ftp', 'http', 'ssh', 'telnet', 'http', 'mysql', 'mysql', 'tftp', 'ntp', 'vnc', 'snmp', 'rdp', 'sip', 'git',
        'redis', 'llmnr', 'mongodb'],
      ''
    )
  ) AS service,
  multiIf(
    logtype IN (10001, 11001, 13001, 15001, 19001), 'udp',
    by_firewall, lower(said['PROTO']),
    'tcp'
  ) AS transport,
  user_name AS username,
  multiIf(
    logtype = 8001, '',
    logtype = 12001, vnc_password,
    redis_login, words[-1],
    said['PASSWORD'] != '', said['PASSWORD'],
    said['Password']
  ) AS password,
  multiIf(
    logtype = 15001, method,
    action != 'input', if(logtype = 11001, said['NTP CMD'], ''),
    logtype = 17001, trimRight(concat(said['CMD'], ' ', said['ARGS'])),
    logtype = 20001, trimRight(concat(said['command'], ' ', said['query'])),
    said['DATA']
  ) AS command,
  multiIf(
    logtype = 16001, concat('git://', said['HOST'], '/', trimLeft(said['REPO'], '/')),
    intDiv(logtype, 1000) = 3, concat('http://', said['HOSTNAME'], said['PATH']),
    ''
  ) AS url,
  multiIf(
    intDiv(logtype, 1000) = 4, said['REMOTEVERSION'],
    logtype = 15001, headers['user-agent'][1],
    said['USERAGENT']
  ) AS user_agent,
  transform(logtype, [5002, 5003, 5004, 5005], ['nmap OS', 'nmap NULL', 'nmap XMAS', 'nmap FIN'], '') AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'logtype', toString(logtype),
      'honeycred', if(honeycred, 'true', ''),
      'community', said['COMMUNITY_STRING'],
      'method', said['REQUEST_TYPE'],
      'password_hash', multiIf(
        logtype = 8001, said['PASSWORD'],
        logtype = 12001 AND vnc_password = '',
        concat(said['VNC Server Challenge'], ':', said['VNC Client Response']),
        ''
      )
    )
  ) AS extra
FROM {{record opencanary_json}}
WHERE
  logtype IN (
    2000, 3000, 3001, 3002, 3003, 4000, 4001, 4002, 5000, 5001, 5002, 5003, 5004, 5005, 6001, 6002, 7001, 8001,
    9001, 9002, 9003, 10001, 11001, 12001, 13001, 14001, 15001, 16001, 17001, 18001, 18002, 18004, 18005, 19001,
    20001
  )
  AND NOT (logtype = 20001 AND logdata['action'] IN ('mongodb.error', 'mongodb.disconnect'))
  AND NOT (logtype = 15001 AND logdata['HEADERS'] = '')
