-- Whose deed an event without an address was, as the newest pass found it; :: where nothing tells.
CREATE TABLE {{table attribution}} (
  event_id UInt64 COMMENT 'the event',
  sensor_id UInt32 COMMENT 'its sensor',
  detect_ts DateTime64(6, 'UTC') COMMENT 'when its sensor saw it',
  pass UInt64 COMMENT 'pass of the analysis that wrote this row',
  attacker_ip IPv6 COMMENT 'the attacker; :: where nothing tells',
  attacker_country LowCardinality(String),
  attacker_asn UInt32,
  previous_ip IPv6 COMMENT 'whose it was before this pass',
  rule LowCardinality(String) COMMENT 'session, hash, command, path or alone; empty where nothing tells',
  confidence Float32,
  because String COMMENT 'the reason in words' CODEC(ZSTD(3)),
  witness UInt64 COMMENT 'the event with an address that tells it'
) ENGINE = {{merge_tree Replacing pass}}
ORDER BY event_id
SETTINGS {{insert_settings}};
