-- The spool in which a collector brings what a sensor wrote. With another one, what waited in the one before is gone.
CREATE TABLE sensor_spool (
  sensor_id INTEGER NOT NULL,
  collector_id INTEGER NOT NULL,
  spool_id TEXT NOT NULL,
  PRIMARY KEY (sensor_id, collector_id)
) STRICT, WITHOUT ROWID;
