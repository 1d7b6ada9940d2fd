-- Rules of one's own by which families are found, and those of Apiary's own that are switched off.
CREATE TABLE own_rule (
  name TEXT PRIMARY KEY,
  -- JSON as the API takes it.
  definition TEXT NOT NULL,
  is_on INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE muted_family (
  name TEXT PRIMARY KEY,
  changed_by TEXT NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;
