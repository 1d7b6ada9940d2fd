-- What events counted that have expired: by day, in the shapes in which the pages count. Written before the events go.
CREATE TABLE {{table expired_count}} (
  step String COMMENT 'the step of the retention that wrote it: an interrupted one is written anew',
  shape LowCardinality(String) COMMENT 'source: by all columns but the values; username, password, command: by that value',
  sensor_id UInt32,
  day Date COMMENT 'of detection',
  vantage LowCardinality(String),
  service LowCardinality(String),
  action LowCardinality(String),
  attacker_country LowCardinality(String),
  attacker_ip IPv6,
  username String,
  password String,
  command String,
  events UInt64
) ENGINE = {{merge_tree}}
ORDER BY (shape, day, sensor_id, vantage)
SETTINGS {{insert_settings}};

-- What pinned incidents need, looked up anew before each step of the retention, which leaves it where it is.
CREATE TABLE {{table retention_kept}} (
  sensor_id UInt32,
  sensor_table LowCardinality(String),
  generation UInt64,
  place UInt64,
  event_id UInt64 COMMENT '0 in a row that names a file only',
  session String,
  sha256 String COMMENT 'of a file'
) ENGINE = {{merge_tree}}
ORDER BY (sensor_table, sensor_id, generation, place)
SETTINGS {{insert_settings}};
