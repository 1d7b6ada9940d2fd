-- title: Flows
-- question: Who was flooded, and how long? DDoSPot's databases count all requests of a flow, where its log stops after the first ones. Times are the sensor's own.
-- column: sender = sender of the requests; of a long flow the victim
-- column: pot = protocol
-- column: start = first request
-- column: latest = last request
-- column: requests = requests
-- chart: table
SELECT any(attacker_ip) AS sender, pot, any(flow_start) AS start, argMax(flow_latest, version) AS latest,
  argMax(flow_count, version) AS requests
FROM (
  SELECT pot, attacker_ip, sensor_id, generation, place, version, start AS flow_start, latest AS flow_latest,
    `count` AS flow_count
  FROM (
    SELECT 'chargen' AS pot, attacker_ip, sensor_id, generation, place, version, start, latest, `count` FROM ddospot_chargen_attack
    WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    UNION ALL
    SELECT 'dns' AS pot, attacker_ip, sensor_id, generation, place, version, start, latest, `count` FROM ddospot_dns_attack
    WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    UNION ALL
    SELECT 'generic' AS pot, attacker_ip, sensor_id, generation, place, version, start, latest, `count` FROM ddospot_generic_attack
    WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    UNION ALL
    SELECT 'ntp' AS pot, attacker_ip, sensor_id, generation, place, version, start, latest, `count` FROM ddospot_ntp_attack
    WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    UNION ALL
    SELECT 'ssdp' AS pot, attacker_ip, sensor_id, generation, place, version, start, latest, `count` FROM ddospot_ssdp_attack
    WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  )
)
GROUP BY pot, sensor_id, generation, place
ORDER BY requests DESC, sender, pot, start
LIMIT 100
