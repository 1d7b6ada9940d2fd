-- Places of records that were erased: the same bytes that come again at the same place are not taken again.
CREATE TABLE {{table erased_record}} (
  sensor_id UInt32,
  sensor_table LowCardinality(String),
  generation UInt64,
  place UInt64,
  version UInt32,
  digest String COMMENT 'beginning of the SHA-256 of its bytes, in hexadecimal digits'
) ENGINE = {{merge_tree}}
ORDER BY (sensor_table, sensor_id, generation, place)
SETTINGS {{insert_settings}};

-- What an erasure found that goes with its events; emptied at the next one.
CREATE TABLE {{table erasure_found}} (
  sensor_id UInt32,
  attack_id UInt64,
  incident_id UInt64,
  sha256 String
) ENGINE = {{merge_tree}}
ORDER BY (attack_id, incident_id, sha256)
SETTINGS {{insert_settings}};
