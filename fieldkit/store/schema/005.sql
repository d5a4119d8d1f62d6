-- The steps of putting a finding right, each with the state that it leads to.
CREATE TABLE IF NOT EXISTS f_move (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, step TEXT NOT NULL, state TEXT NOT NULL, due TEXT NOT NULL, note TEXT NOT NULL,
  number TEXT NOT NULL, evidence TEXT NOT NULL, inspection TEXT NOT NULL, day TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS finding_case (
  finding TEXT PRIMARY KEY, rounds INTEGER NOT NULL, number TEXT NOT NULL, step TEXT NOT NULL,
  day TEXT NOT NULL, inspection TEXT NOT NULL, hlc TEXT NOT NULL, device TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS finding_inspection ON finding (inspection);
