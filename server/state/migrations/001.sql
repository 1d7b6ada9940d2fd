-- The control server's state. Times are milliseconds since 1970 (suffix _ms); valid_to_ms NULL means "still".

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- Who changed what and when; never cleaned.
CREATE TABLE change_log (
  change_id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  verb TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE honeynet (
  honeynet_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  owners TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE honeypot (
  honeypot_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  interaction TEXT NOT NULL CHECK (interaction IN ('low', 'medium', 'high')),
  role TEXT NOT NULL CHECK (role IN ('server', 'client')),
  location TEXT NOT NULL DEFAULT '',
  latitude REAL,
  longitude REAL,
  description TEXT NOT NULL DEFAULT '',
  retired_ms INTEGER
) STRICT;

CREATE TABLE honeypot_address (
  honeypot_id INTEGER NOT NULL REFERENCES honeypot,
  address TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('inner', 'public')),
  valid_from_ms INTEGER NOT NULL,
  valid_to_ms INTEGER,
  PRIMARY KEY (honeypot_id, address, side, valid_from_ms)
) STRICT;

CREATE TABLE honeypot_service (
  honeypot_id INTEGER NOT NULL REFERENCES honeypot,
  service TEXT NOT NULL,
  transport TEXT NOT NULL DEFAULT 'tcp',
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
  vulnerability TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (honeypot_id, service, transport, port)
) STRICT;

CREATE TABLE honeypot_honeynet (
  honeypot_id INTEGER NOT NULL REFERENCES honeypot,
  honeynet_id INTEGER NOT NULL REFERENCES honeynet,
  valid_from_ms INTEGER NOT NULL,
  valid_to_ms INTEGER,
  PRIMARY KEY (honeypot_id, honeynet_id, valid_from_ms)
) STRICT;

CREATE TABLE collector (
  collector_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  lives_in TEXT NOT NULL CHECK (lives_in IN ('honeypot', 'host', 'elsewhere')),
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;

-- Sensors are numbered for ever: the number stands in every record.
CREATE TABLE sensor (
  sensor_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  retired_ms INTEGER
) STRICT;

CREATE TABLE sensor_collector (
  sensor_id INTEGER NOT NULL REFERENCES sensor,
  collector_id INTEGER NOT NULL REFERENCES collector,
  valid_from_ms INTEGER NOT NULL,
  valid_to_ms INTEGER,
  PRIMARY KEY (sensor_id, collector_id, valid_from_ms)
) STRICT;

CREATE TABLE sensor_honeypot (
  sensor_id INTEGER NOT NULL REFERENCES sensor,
  honeypot_id INTEGER NOT NULL REFERENCES honeypot,
  valid_from_ms INTEGER NOT NULL,
  valid_to_ms INTEGER,
  PRIMARY KEY (sensor_id, honeypot_id, valid_from_ms)
) STRICT;

-- Known gateways (many attackers behind one address) and own scanners: their events are marked.
CREATE TABLE known_source (
  network TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('gateway', 'own_scanner')),
  name TEXT NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate (
  serial TEXT PRIMARY KEY,
  collector_id INTEGER NOT NULL REFERENCES collector,
  issued_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE enrolment_token (
  token_hash TEXT PRIMARY KEY,
  collector_id INTEGER NOT NULL REFERENCES collector,
  created_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  used_ms INTEGER,
  replaces INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The last heartbeat of each collector and the state of each of its sensors, as JSON of model/protocol.ts.
CREATE TABLE heartbeat (
  collector_id INTEGER PRIMARY KEY REFERENCES collector,
  received_ms INTEGER NOT NULL,
  offset_ms REAL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE sensor_health (
  sensor_id INTEGER PRIMARY KEY REFERENCES sensor,
  received_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- Stretches of time in which a sensor was in one condition; the last one of a sensor is open.
CREATE TABLE sensor_condition (
  sensor_id INTEGER NOT NULL REFERENCES sensor,
  condition TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER,
  PRIMARY KEY (sensor_id, from_ms)
) STRICT;

CREATE TABLE gap (
  gap_id INTEGER PRIMARY KEY,
  sensor_id INTEGER NOT NULL REFERENCES sensor,
  stream TEXT NOT NULL,
  source TEXT NOT NULL,
  generation TEXT NOT NULL,
  from_place TEXT NOT NULL,
  to_place TEXT NOT NULL,
  reason TEXT NOT NULL,
  noticed_ms INTEGER NOT NULL,
  UNIQUE (sensor_id, stream, generation, from_place, to_place, reason)
) STRICT;

-- Everything refused, by reason; sensor is the name that the peer gave, cut to 128 characters.
CREATE TABLE refusal (
  collector TEXT NOT NULL,
  sensor TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  last_message TEXT NOT NULL,
  PRIMARY KEY (collector, sensor, reason)
) STRICT;

-- What the operator should look at: a certificate on two hosts, a spool that went back, a wrong clock.
CREATE TABLE alert (
  alert_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  count INTEGER NOT NULL DEFAULT 1,
  closed_ms INTEGER,
  UNIQUE (kind, subject, first_ms)
) STRICT;

CREATE TABLE user (
  user_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'analyst', 'viewer')),
  password_hash TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  disabled_ms INTEGER
) STRICT;

CREATE TABLE login (
  token_hash TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user,
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL
) STRICT;
