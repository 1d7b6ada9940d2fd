-- Who logs in by OpenID Connect: the subject of the issuer, which never changes, beside the name, which may.
CREATE TABLE user_subject (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES user,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
