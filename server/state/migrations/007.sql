-- Questions that people keep: the address of a page under a name.
CREATE TABLE saved_question (
  saved_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  owner TEXT NOT NULL,
  saved_ms INTEGER NOT NULL
) STRICT;
