-- Tokens of programs that use the API in a user's name; only a hash of each is kept.
CREATE TABLE api_token (
  token_id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user,
  name TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('read', 'all')),
  token_hash TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  seen_ms INTEGER,
  revoked_ms INTEGER
) STRICT;
CREATE INDEX change_log_at ON change_log (at_ms);
