-- Feeds of indicators by a secret link, of which only a hash is kept. Choice and limits are JSON (model/api/feeds.ts).
CREATE TABLE feed (
  feed_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  -- RED is for the eyes of one, and a link is for whoever has it.
  tlp TEXT NOT NULL CHECK (tlp IN ('clear', 'green', 'amber')),
  owner TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  seen_ms INTEGER,
  asked INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What was offered over TAXII, and since when in this version: what a client asks with added_after.
CREATE TABLE taxii_offer (
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  added_ms INTEGER NOT NULL,
  PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
