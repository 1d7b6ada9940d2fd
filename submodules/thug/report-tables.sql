-- What the JSON and MAEC tell alike, for the reports. Where both of one analysis are collected, both count.

-- define analyses
SELECT
  detect_ts, attacker_ip, url,
  arrayMap(one -> (one.cve, one.module), exploits) AS found,
  arrayMap(one -> (one.md5, one.type), files) AS came
FROM thug_analyses
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
UNION ALL
SELECT
  detect_ts, attacker_ip, url,
  arrayMap(one -> (one.cve, one.module), exploits),
  arrayMap(one -> (one.md5, one.type), files)
FROM thug_maec
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
