-- Landing table -> record table. Times have their zone (RFC 3339). An address may be a network or a range: then it is nobody's.

-- into idea_messages
WITH
  match(j.DetectTime, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.DetectTime) >= 19, parseDateTime64BestEffortOrNull(j.DetectTime, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.ID = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.ID = '' OR empty(j.Category), 'partial',
    NOT startsWith(j.Format, 'IDEA'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(arrayFirst(address -> toIPv6OrDefault(address) != toIPv6('::'), source_addresses)) AS attacker_ip,
  {{geo attacker_ip}},
  j.Format AS Format, j.ID AS ID, j.DetectTime AS DetectTime, j.EventTime AS EventTime, j.CreateTime AS CreateTime,
  j.Category AS Category, ifNull(j.Confidence, -1.) AS Confidence, j.Description AS Description, j.Ref AS Ref,
  accurateCastOrDefault(j.ConnCount, 'UInt64') AS ConnCount,
  accurateCastOrDefault(j.FlowCount, 'UInt64') AS FlowCount,
  arrayFlatten(arrayMap(part -> arrayConcat(part.IP4, part.IP6), j.Source)) AS source_addresses,
  accurateCastOrDefault(j.Source[1].Port[1], 'UInt16') AS source_port, j.Source[1].Proto AS source_proto,
  arrayFlatten(arrayMap(part -> arrayConcat(part.IP4, part.IP6), j.Target)) AS target_addresses,
  j.Target[1].Hostname[1] AS target_hostname, accurateCastOrDefault(j.Target[1].Port[1], 'UInt16') AS target_port,
  j.Target[1].Proto AS target_proto, j.Target[1].URL[1] AS target_url, j.Node[-1].Name AS node_name,
  arrayFlatten(arrayMap(part -> part.Type, j.Node)) AS node_type,
  arrayFlatten(arrayMap(part -> part.SW, j.Node)) AS node_sw
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        `Format` String, `ID` String, `DetectTime` String, `EventTime` String, `CreateTime` String,
        `Category` Array(String), `Confidence` Nullable(Float64), `Description` String, `Ref` Array(String),
        `ConnCount` Int64, `FlowCount` Int64,
        `Source` Array(Tuple(`Type` Array(String), `Hostname` Array(String), `IP4` Array(String), `IP6` Array(String), `Proto` Array(String), `Port` Array(Int64), `URL` Array(String))), `Target` Array(Tuple(`Type` Array(String), `Hostname` Array(String), `IP4` Array(String), `IP6` Array(String), `Proto` Array(String), `Port` Array(Int64), `URL` Array(String))),
        `Node` Array(Tuple(`Name` String, `Type` Array(String), `SW` Array(String)))
      )'
    )) AS j
  FROM {{landing idea}}
)
