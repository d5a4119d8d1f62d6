-- Which merge brought which events: bookkeeping of this home, so that a merge can be taken back.
CREATE TABLE IF NOT EXISTS merge (
  id TEXT PRIMARY KEY, at TEXT NOT NULL, undone INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS merge_run (
  device TEXT NOT NULL, epoch TEXT NOT NULL, merge TEXT NOT NULL, bundle TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, head TEXT NOT NULL,
  PRIMARY KEY (device, epoch, merge, bundle, first, head)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS merge_run_merge ON merge_run (merge);
CREATE INDEX IF NOT EXISTS merge_run_bundle ON merge_run (bundle);

-- Events that no merge in force brought: their lines stay in the journal, no fact is drawn from them.
CREATE TABLE IF NOT EXISTS withheld (
  device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (device, epoch, seq, hash)
) STRICT, WITHOUT ROWID;
