-- What the dashboard sums: doors and weeks of visits by the place that the doors hang under, made anew
-- when the dashboard is read next for the places noted as stale. No fact of the field: not digested.
CREATE TABLE IF NOT EXISTS tally_stale (parent TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally_door (
  parent TEXT NOT NULL, division TEXT NOT NULL, grid TEXT NOT NULL, doors INTEGER NOT NULL,
  registered INTEGER NOT NULL, removed INTEGER NOT NULL, visited INTEGER NOT NULL,
  delivered INTEGER NOT NULL, met INTEGER NOT NULL, revisit INTEGER NOT NULL,
  PRIMARY KEY (parent, division, grid)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally_week (
  parent TEXT NOT NULL, week INTEGER NOT NULL, visits INTEGER NOT NULL, delivered INTEGER NOT NULL,
  met INTEGER NOT NULL,
  PRIMARY KEY (parent, week)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO tally_stale SELECT DISTINCT parent FROM site WHERE kind = 'door';
