-- From which day on a write about the register or a withdrawal counts, for figures of past days.
CREATE TABLE IF NOT EXISTS f_dated (
  hash TEXT NOT NULL, entity TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, why TEXT NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;

-- What was decided of a text that the privacy guard held back.
CREATE TABLE IF NOT EXISTS f_review (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, event TEXT NOT NULL, slot TEXT NOT NULL, verdict TEXT NOT NULL,
  PRIMARY KEY (event, slot, hash)
) STRICT, WITHOUT ROWID;

-- Buildings among a hundred thousand doors.
CREATE INDEX IF NOT EXISTS site_kind ON site (kind);
