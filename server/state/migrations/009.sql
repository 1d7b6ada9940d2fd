-- What analysts said of incidents that the rules do not know: these belong together, these stand apart. Attacks are named
-- by one of their events, so that what was said survives when all is reckoned anew.
CREATE TABLE incident_grouping (
  grouping_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('join', 'split')),
  -- JSON list of event ids: of a join one event of each incident, of a split one of each attack that stands apart.
  events TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  revoked_by TEXT,
  revoked_ms INTEGER
) STRICT;
