-- Shown numbers of incidents: given once, never again. `anchor` is the event that was the incident's earliest then;
-- the incident that holds it today is the one that the number leads to.
CREATE TABLE incident_number (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  anchor TEXT NOT NULL UNIQUE,
  given_ms INTEGER NOT NULL
) STRICT;

-- What analysts decided. The newest of a field counts; '' takes it back. Anchored to an event, so that it outlives any
-- new reckoning of attacks and incidents.
CREATE TABLE judgement (
  judgement_id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL CHECK (subject IN ('incident', 'attack')),
  anchor TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  actor TEXT NOT NULL,
  made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX judgement_anchor ON judgement (subject, anchor);
