-- Whom to tell of what: channels, rules, what was told, and messages on their way. Bodies are JSON (model/api/alerts.ts).
CREATE TABLE alert_channel (
  channel_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  target TEXT NOT NULL
) STRICT;

CREATE TABLE alert_rule (
  rule_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  condition TEXT NOT NULL,
  channels TEXT NOT NULL,
  group_minutes INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  owner TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  -- The group that is open: what comes within it is told in one message at its end.
  group_began_ms INTEGER,
  held_count INTEGER NOT NULL DEFAULT 0,
  held_lines TEXT NOT NULL DEFAULT '[]',
  last_ms INTEGER,
  trouble TEXT NOT NULL DEFAULT ''
) STRICT;

-- What a rule tells once only: a sensor's silence, an incident, a notice of the server.
CREATE TABLE alert_told (
  rule_id INTEGER NOT NULL REFERENCES alert_rule ON DELETE CASCADE,
  key TEXT NOT NULL,
  told_ms INTEGER NOT NULL,
  PRIMARY KEY (rule_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_message (
  message_id INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES alert_channel ON DELETE CASCADE,
  body TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL,
  done_ms INTEGER,
  error TEXT NOT NULL DEFAULT ''
) STRICT;

-- Reports that go out by mail at a set time.
CREATE TABLE report_schedule (
  schedule_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  format TEXT NOT NULL,
  every TEXT NOT NULL CHECK (every IN ('day', 'week', 'month')),
  hour INTEGER NOT NULL,
  channel_id INTEGER NOT NULL REFERENCES alert_channel ON DELETE CASCADE,
  owner TEXT NOT NULL,
  next_ms INTEGER NOT NULL
) STRICT;
