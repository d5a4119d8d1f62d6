-- From which moment an inspection is bound to another version of its checklist.
CREATE TABLE IF NOT EXISTS f_rebased (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, checklist TEXT NOT NULL, checklist_id TEXT NOT NULL, checklist_version TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
