-- From which day on a write about the register or a withdrawal counts, for figures of past days.
CREATE TABLE IF NOT EXISTS f_dated (
  hash TEXT NOT NULL, entity TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, why TEXT NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
