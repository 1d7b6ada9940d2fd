-- Gateways of their own before this server, as collectors are known: by certificates, which begin with a token.
CREATE TABLE gateway (
  gateway_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- host:port as collectors reach it.
  address TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;

CREATE TABLE gateway_certificate (
  serial TEXT PRIMARY KEY,
  gateway_id INTEGER NOT NULL REFERENCES gateway,
  issued_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE gateway_token (
  token_hash TEXT PRIMARY KEY,
  gateway_id INTEGER NOT NULL REFERENCES gateway,
  created_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  used_ms INTEGER,
  replaces INTEGER NOT NULL DEFAULT 0
) STRICT;
