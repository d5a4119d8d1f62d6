-- What an inspection follows, with whom it is paired, and which items it asks.
CREATE TABLE IF NOT EXISTS f_link (
  hash TEXT NOT NULL, entity TEXT NOT NULL, pair TEXT NOT NULL, prior TEXT NOT NULL, asks TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
-- Answers that take another one back (undo) or bring it back (redo).
CREATE TABLE IF NOT EXISTS f_turn (
  hash TEXT NOT NULL, entity TEXT NOT NULL, turn TEXT NOT NULL, turned TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS f_particulars (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, inspectors TEXT NOT NULL, observed_from TEXT NOT NULL, observed_to TEXT NOT NULL,
  unit_view TEXT NOT NULL, unit_sign TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS f_reopened (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS inspection_link (
  inspection TEXT PRIMARY KEY, pair TEXT NOT NULL, prior TEXT NOT NULL, asks TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inspection_link_pair ON inspection_link (pair);
CREATE INDEX IF NOT EXISTS inspection_site ON inspection (site);
CREATE INDEX IF NOT EXISTS inspection_link_prior ON inspection_link (prior);
CREATE TABLE IF NOT EXISTS particulars (
  inspection TEXT PRIMARY KEY, inspectors TEXT NOT NULL, observed_from TEXT NOT NULL, observed_to TEXT NOT NULL,
  unit_view TEXT NOT NULL, unit_sign TEXT NOT NULL, hlc TEXT NOT NULL, device TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Bookkeeping of this home: how long its own inspector looked at each item, in milliseconds.
CREATE TABLE IF NOT EXISTS pace (
  inspection TEXT NOT NULL, item TEXT NOT NULL, ms INTEGER NOT NULL, looks INTEGER NOT NULL,
  PRIMARY KEY (inspection, item)
) STRICT, WITHOUT ROWID;
