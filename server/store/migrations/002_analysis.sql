-- Which attack an event belongs to. The newest pass decides; the first time of all stays (the paper: an event is used
-- in the analysis at most once).
CREATE TABLE {{table attack_event}} (
  event_id UInt64 COMMENT 'the event',
  sensor_id UInt32 COMMENT 'its sensor',
  assignment SimpleAggregateFunction(max, Tuple(UInt64, UInt64)) COMMENT 'pass of the analysis, and the attack that it found; 0 where it found none any more',
  analysis_ts SimpleAggregateFunction(min, DateTime64(6, 'UTC')) COMMENT 'when the event first became part of an attack'
) ENGINE = {{merge_tree Aggregating}}
ORDER BY (event_id, sensor_id)
SETTINGS {{insert_settings}};

-- Attacks {tool, vulnerability, events}, as the newest pass found them. An attack is known by its earliest event.
CREATE TABLE {{table attack}} (
  attack_id UInt64 COMMENT 'event_id of its earliest event',
  pass UInt64 COMMENT 'pass of the analysis that wrote this row',
  is_gone UInt8 COMMENT 'its events belong to another attack now, or were taken away',
  sensor_id UInt32 COMMENT 'sensor of its earliest event',
  source IPv6 COMMENT 'address, of IPv6 the /64',
  net UInt32 COMMENT 'honeynet of a private address; 0 else',
  attacker_ip IPv6 COMMENT 'address of its earliest event',
  attacker_country LowCardinality(String),
  attacker_asn UInt32,
  visit_ts DateTime64(6, 'UTC') COMMENT 'first event of the visit: all that the source did without a long pause',
  first_ts DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
  last_ts DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
  service LowCardinality(String) COMMENT 'attacked service; empty where unknown',
  cve LowCardinality(String) COMMENT 'vulnerability that a sensor named',
  sensors Array(UInt32),
  sessions UInt32,
  events UInt32,
  actions Map(LowCardinality(String), UInt32) COMMENT 'events by action',
  log_ins UInt32 COMMENT 'that succeeded',
  tool LowCardinality(String) COMMENT 'after Howard; unknown where nothing speaks for one',
  tool_confidence Float32,
  weakness LowCardinality(String) COMMENT 'Howard''s kind of the vulnerability: design, implementation, configuration',
  stage LowCardinality(String) COMMENT 'how far it got',
  results Array(LowCardinality(String)) COMMENT 'Howard''s results that are known',
  families Array(LowCardinality(String)) COMMENT 'known families and tools',
  techniques Array(LowCardinality(String)) COMMENT 'MITRE ATT&CK',
  commands Array(String) COMMENT 'the first of them, in order',
  urls Array(String),
  files Array(String) COMMENT 'SHA-256',
  facts String COMMENT 'JSON: what may link it to others' CODEC(ZSTD(3)),
  evidence String COMMENT 'JSON: each decision with rule, weight and what it rests on' CODEC(ZSTD(3)),
  rules_version LowCardinality(String),
  INDEX source_filter source TYPE bloom_filter(0.01) GRANULARITY 4
) ENGINE = {{merge_tree Replacing pass}}
ORDER BY attack_id
SETTINGS {{insert_settings}};

-- Incidents {number, attacker, attacks, objectives}, as the newest pass found them.
CREATE TABLE {{table incident}} (
  incident_id UInt64 COMMENT 'attack_id of its earliest attack',
  pass UInt64,
  is_gone UInt8,
  sensor_id UInt32 COMMENT 'sensor of its earliest event',
  number UInt32 COMMENT 'shown number, given once',
  first_ts DateTime64(6, 'UTC'),
  last_ts DateTime64(6, 'UTC'),
  attacks UInt32,
  events UInt64,
  sources UInt32,
  sensors Array(UInt32),
  countries Array(LowCardinality(String)),
  services Array(LowCardinality(String)),
  stage LowCardinality(String) COMMENT 'the farthest of its attacks',
  tools Array(LowCardinality(String)),
  families Array(LowCardinality(String)),
  attacker LowCardinality(String) COMMENT 'after Howard; unknown where nothing speaks for one',
  attacker_confidence Float32,
  objectives Array(LowCardinality(String)),
  evidence String COMMENT 'JSON' CODEC(ZSTD(3))
) ENGINE = {{merge_tree Replacing pass}}
ORDER BY incident_id
SETTINGS {{insert_settings}};

CREATE TABLE {{table incident_attack}} (
  attack_id UInt64,
  pass UInt64,
  sensor_id UInt32,
  incident_id UInt64,
  links String COMMENT 'JSON: what ties it to earlier attacks of the incident' CODEC(ZSTD(3))
) ENGINE = {{merge_tree Replacing pass}}
ORDER BY attack_id
SETTINGS {{insert_settings}};
