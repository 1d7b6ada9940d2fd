-- Landing table -> record table. `utc_time` is UTC by its name; a line that has only `local_time` is read in the zone that
-- the operator named. Ports come as numbers and, from the firewall's log, as text.

-- into opencanary_json
WITH
  j.utc_time != '' AS has_zone,
  if(has_zone, j.utc_time, j.local_time) AS clock,
  if(length(clock) >= 19, parseDateTime64BestEffortOrNull(clock, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.logtype = 0 AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.logtype = 0, 'partial',
    j.logtype NOT IN (
      1000, 1001, 1002, 1003, 1004, 1005, 1006, 2000, 2001, 3000, 3001, 3002, 3003, 4000, 4001, 4002, 5000, 5001,
      5002, 5003, 5004, 5005, 6001, 6002, 7001, 8001, 9001, 9002, 9003, 10001, 11001, 12001, 13001, 14001, 15001,
      16001, 17001, 18001, 18002, 18003, 18004, 18005, 19001, 20001, 99000, 99001, 99002, 99003, 99004, 99005,
      99006, 99007, 99008, 99009
    ), 'unknown_kind',
    j.logtype >= 2000 AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.logtype, 'UInt32') AS logtype, j.node_id AS node_id, j.src_host AS src_host,
  toUInt16OrZero(j.src_port) AS src_port, j.dst_host AS dst_host, toUInt16OrZero(j.dst_port) AS dst_port,
  j.honeycred AS honeycred, j.logdata AS logdata
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        logtype Int64, node_id String, src_host String, src_port String, dst_host String, dst_port String,
        honeycred Bool, logdata Map(String, String), utc_time String, local_time String
      )'
    )) AS j
  FROM {{landing opencanary}}
)
