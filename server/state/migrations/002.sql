-- Whole files that collectors sent, and who sent each. The bytes lie in the data directory (server/artifacts).
CREATE TABLE artifact (
  sha256 TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  stored_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE artifact_receipt (
  sha256 TEXT NOT NULL REFERENCES artifact,
  collector_id INTEGER NOT NULL REFERENCES collector,
  sensor_id INTEGER NOT NULL REFERENCES sensor,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  PRIMARY KEY (sha256, collector_id, sensor_id)
) STRICT;
