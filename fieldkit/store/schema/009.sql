-- Drives with their phases and lists; who is to inspect what until when.
CREATE TABLE IF NOT EXISTS f_campaign (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, name TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
  phases TEXT NOT NULL, lists TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS f_assignment (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, site TEXT NOT NULL, checklist TEXT NOT NULL, inspector TEXT NOT NULL,
  day TEXT NOT NULL, due TEXT NOT NULL, campaign TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS f_unassigned (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS campaign (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
  phases TEXT NOT NULL, lists TEXT NOT NULL,
  hlc TEXT NOT NULL, device TEXT NOT NULL, event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS assignment (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, checklist TEXT NOT NULL, inspector TEXT NOT NULL,
  day TEXT NOT NULL, due TEXT NOT NULL, campaign TEXT NOT NULL, withdrawn INTEGER NOT NULL,
  hlc TEXT NOT NULL, device TEXT NOT NULL, event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS assignment_site ON assignment (site);
