-- Landing table -> record table. Fields are name=value. Text that a user can choose is in quotes, or in hexadecimal where it
-- holds a space, a quote or anything that is no ASCII. What ENRICHED adds stands behind a group separator and is left out.

-- define text_of
-- A quoted or hexadecimal value behind the name {{1}}.
    if(
      match(body, '\\b{{1}}="'),
      extract(body, '\\b{{1}}="([^"]*)"'),
      if(match(body, '\\b{{1}}=([0-9A-F]{2})+( |$)'), unhex(extract(body, '\\b{{1}}=([0-9A-F]+)')), replaceOne(extract(body, '\\b{{1}}=([^ ]*)'), '(null)', ''))
    )

-- into auditd_log
WITH
  splitByChar('\x1d', toValidUTF8(raw))[1] AS text,
  extractGroups(text, '^(?:node=([^ ]+) )?type=([A-Za-z0-9_\\[\\]]+) msg=(?:audit\\(([0-9]+)[.]([0-9]+):([0-9]+)\\):? ?)?(.*)$') AS c,
  -- The message of a user-space program is wrapped in quotes of its own.
  replaceRegexpOne(replaceRegexpOne(c[6], 'msg=\'(.*)\'$', '\\1'), '^user ', '') AS body,
  if(length(c[3]) BETWEEN 9 AND 11, parseDateTime64BestEffortOrNull(concat(c[3], '.', rightPad(c[4], 6, '0')), 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible,
  c[2] AS kind
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    NOT isValidUTF8(raw), 'bad_utf8',
    startsWith(kind, 'UNKNOWN'), 'unknown_kind',
    NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(addr) AS attacker_ip,
  {{geo attacker_ip}},
  kind AS `type`, c[1] AS node, toUInt64OrZero(c[5]) AS serial,
  toUInt32OrZero(extract(body, '\\bpid=([^ ]*)')) AS pid, toUInt32OrZero(extract(body, '\\bppid=([^ ]*)')) AS ppid, toUInt32OrZero(extract(body, '\\buid=([^ ]*)')) AS uid,
  toUInt32OrZero(extract(body, '\\bauid=([^ ]*)')) AS auid, toUInt32OrZero(extract(body, '\\bses=([^ ]*)')) AS ses, extract(body, '\\btty=([^ ]*)') AS tty,
  {{use text_of comm}} AS comm, {{use text_of exe}} AS exe, {{use text_of key}} AS `key`,
  toUInt32OrZero(extract(body, '\\bsyscall=([^ ]*)')) AS syscall, extract(body, '\\bsuccess=([^ ]*)') AS success, toInt64OrZero(extract(body, '\\bexit=([^ ]*)')) AS exit_,
  trim(BOTH '"' FROM extract(body, '\\bop=([^ ]*)')) AS op, {{use text_of acct}} AS acct, replaceOne(extract(body, '\\bhostname=([^ ]*)'), '?', '') AS hostname,
  replaceOne(extract(body, '\\baddr=([^ ]*)'), '?', '') AS addr, replaceOne(extract(body, '\\bterminal=([^ ]*)'), '?', '') AS terminal, extract(body, '\\bres=([^ ]*)') AS res,
  {{use text_of cwd}} AS cwd, if(kind = 'PATH', {{use text_of name}}, '') AS `name`, extract(body, '\\bnametype=([^ ]*)') AS nametype,
  extract(body, '\\bmode=([^ ]*)') AS mode, toUInt32OrZero(extract(body, '\\bargc=([^ ]*)')) AS argc,
  multiIf(
    -- A long argument comes in pieces: a1[0]=… a1[1]=….
    kind = 'EXECVE', substring(arrayStringConcat(arrayMap(
      part -> concat(if(part[1] IN ('', '[0]'), ' ', ''), multiIf(
        startsWith(part[2], '"'), trim(BOTH '"' FROM part[2]),
        match(part[2], '^([0-9A-F]{2})+$'), unhex(part[2]),
        part[2]
      )),
      extractAllGroups(body, '\\ba[0-9]+(\\[[0-9]+\\])?=("[^"]*"|[^ ]+)')
    )), 2),
    kind = 'USER_CMD', {{use text_of cmd}},
    kind = 'PROCTITLE', replaceAll({{use text_of proctitle}}, '\0', ' '),
    kind IN ('TTY', 'USER_TTY'), {{use text_of data}},
    ''
  ) AS argv,
  if(kind = 'SOCKADDR', extract(body, '\\bsaddr=([^ ]*)'), '') AS saddr
FROM {{landing auditd}}
