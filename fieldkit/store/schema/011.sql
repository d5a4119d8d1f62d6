-- Inspections that the office sent back, and have not been finished anew since.
CREATE TABLE IF NOT EXISTS f_returned (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS returned (
  inspection TEXT PRIMARY KEY, reason TEXT NOT NULL, hlc TEXT NOT NULL, device TEXT NOT NULL, event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Few visits have a note, and only those may hold what has to be reviewed.
CREATE INDEX IF NOT EXISTS f_visit_note ON f_visit (hash) WHERE note != '';
