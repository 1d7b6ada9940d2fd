-- Landing table -> record table. Times are local, without fractions of a second.

-- into dicompot_log
WITH
  if(length(j.time) >= 19, parseDateTime64BestEffortOrNull(j.time, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.msg = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.msg = 'Connection from' AND attacker_ip = toIPv6('::'), 'partial',
    j.msg NOT IN (
      'Connection from', 'Connection', 'Client', 'Received', 'Recived', 'C-FIND Search', 'C-FIND Search result', 'C-STORE received',
      'C-STORE recived'
    ), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(IP) AS attacker_ip,
  {{geo attacker_ip}},
  j.msg AS msg, j.level AS level, j.ID AS ID,
  if(j.IP = '', trim(BOTH '[]' FROM extract(j.Address, '^(.*):[0-9]+$')), j.IP) AS IP,
  toUInt16OrZero(if(j.Port = '', extract(j.Address, ':([0-9]+)$'), j.Port)) AS Port, j.Command AS Command,
  j.Type AS Type, j.Term AS Term, ifNull(accurateCastOrNull(j.Matches, 'Int32'), -1) AS Matches,
  ifNull(accurateCastOrNull(j.Files, 'Int32'), -1) AS Files, j.Status AS Status
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String, level String, `ID` String, `IP` String, `Address` String, `Port` String, `Command` String,
        `Type` String, `Term` String, `Matches` Nullable(Int64), `Files` Nullable(Int64), `Status` String, time String
      )'
    )) AS j
  FROM {{landing dicompot}}
)
