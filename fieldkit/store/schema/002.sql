-- What is drawn and folded from the journal is made anew; the journal stays as it is.
DROP TABLE f_over;
DROP TABLE f_site;
DROP TABLE f_removed;
DROP TABLE f_checklist;
DROP TABLE f_inspection;
DROP TABLE f_finished;
DROP TABLE f_answer;
DROP TABLE f_finding;
DROP TABLE f_evidence;
DROP TABLE f_visit;
DROP TABLE f_withdrawn;
DROP TABLE site;
DROP TABLE checklist;
DROP TABLE inspection;
DROP TABLE answer;
DROP TABLE visit;
DROP TABLE door_state;
DROP TABLE finding;
DROP TABLE conflict;
DROP TABLE evidence_ref;

-- Facts: one row an event, its body as columns, so that no fold ever reads JSON. Each table lies in the
-- order in which it is folded, so that a bundle touches a page for each entity and not three.
CREATE TABLE f_over (
  replaced TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT NOT NULL, slot TEXT NOT NULL,
  PRIMARY KEY (replaced, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_site (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL,
  division TEXT NOT NULL, grid TEXT NOT NULL, address TEXT NOT NULL, floor TEXT NOT NULL, registered INTEGER,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_removed (
  hash TEXT NOT NULL, entity TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_checklist (
  hash TEXT NOT NULL, digest TEXT NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (digest, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_inspection (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, site TEXT NOT NULL, checklist TEXT NOT NULL, checklist_id TEXT NOT NULL,
  checklist_version TEXT NOT NULL, mode TEXT NOT NULL, nature TEXT NOT NULL, day TEXT NOT NULL, seed TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_finished (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, points TEXT NOT NULL, max_points TEXT NOT NULL, grade TEXT NOT NULL, veto TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_answer (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, item TEXT NOT NULL, value TEXT NOT NULL, note TEXT NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY (entity, item, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_finding (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, inspection TEXT NOT NULL, item TEXT NOT NULL, site TEXT NOT NULL, text TEXT NOT NULL,
  criterion TEXT NOT NULL, severity TEXT NOT NULL, due TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_evidence (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, ext TEXT NOT NULL, media TEXT NOT NULL,
  PRIMARY KEY (sha256, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_visit (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, outcome TEXT NOT NULL, standing INTEGER NOT NULL, delivers INTEGER NOT NULL,
  meets INTEGER NOT NULL, materials INTEGER NOT NULL, app TEXT NOT NULL, note TEXT NOT NULL, day TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_withdrawn (
  hash TEXT NOT NULL, entity TEXT NOT NULL, visit TEXT NOT NULL,
  PRIMARY KEY (visit, hash)
) STRICT, WITHOUT ROWID;

-- Projections: what the screens and reports read; folds/*.sql say how they come about.
CREATE TABLE site (
  id TEXT PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL,
  division TEXT NOT NULL, grid TEXT NOT NULL, address TEXT NOT NULL, floor TEXT NOT NULL, registered INTEGER,
  removed INTEGER NOT NULL, event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX site_code ON site (code);
CREATE INDEX site_parent ON site (parent);
CREATE TABLE checklist (digest TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE inspection (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, checklist TEXT NOT NULL, checklist_id TEXT NOT NULL,
  checklist_version TEXT NOT NULL, mode TEXT NOT NULL, nature TEXT NOT NULL, day TEXT NOT NULL, seed TEXT NOT NULL,
  started_hlc TEXT NOT NULL, device TEXT NOT NULL, finished_hlc TEXT, points TEXT, max_points TEXT, grade TEXT, veto TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
  inspection TEXT NOT NULL, item TEXT NOT NULL, value TEXT NOT NULL, note TEXT NOT NULL, evidence TEXT NOT NULL,
  hlc TEXT NOT NULL, device TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY (inspection, item)
) STRICT, WITHOUT ROWID;
-- Visits are facts: all are kept but those withdrawn. No table of its own: nothing is worked out.
CREATE VIEW visit AS
SELECT v.hash AS event, v.entity AS door, v.outcome, v.materials, v.app, v.note, v.day, v.hlc, v.device
FROM f_visit AS v
WHERE NOT EXISTS (SELECT 1 FROM f_withdrawn AS w WHERE w.visit = v.hash AND w.entity = v.entity);
CREATE TABLE door_state (
  door TEXT PRIMARY KEY, best TEXT NOT NULL, latest TEXT NOT NULL, visits INTEGER NOT NULL,
  delivered INTEGER NOT NULL, met INTEGER NOT NULL, last_hlc TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE finding (
  id TEXT PRIMARY KEY, inspection TEXT NOT NULL, item TEXT NOT NULL, site TEXT NOT NULL, text TEXT NOT NULL,
  criterion TEXT NOT NULL, severity TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
  hlc TEXT NOT NULL, device TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE conflict (
  kind TEXT NOT NULL, entity TEXT NOT NULL, slot TEXT NOT NULL, place INTEGER NOT NULL, event TEXT NOT NULL,
  device TEXT NOT NULL, hlc TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, entity, slot, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence_ref (
  sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, ext TEXT NOT NULL, media TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Bookkeeping of this home: what came and went. No fact of the field, in no digest.
-- Sealed files that were taken in whole: the same file again costs one look.
CREATE TABLE bundle_seen (
  sha256 TEXT PRIMARY KEY, bundle TEXT NOT NULL, device TEXT NOT NULL, events INTEGER NOT NULL,
  evidence TEXT NOT NULL, merge_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- What copies off this machine hold, as runs of each chain.
CREATE TABLE durable_run (
  device TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (device, epoch, first)
) STRICT, WITHOUT ROWID;
-- As an office: the receipts given. As a device: the newest receipt of each office.
CREATE TABLE receipt_given (
  receipt_seq INTEGER NOT NULL, office_epoch TEXT NOT NULL, device TEXT NOT NULL, digest TEXT NOT NULL,
  issued TEXT NOT NULL, PRIMARY KEY (office_epoch, receipt_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_held (
  office TEXT PRIMARY KEY, office_epoch TEXT NOT NULL, receipt_seq INTEGER NOT NULL, letter BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- As a device or an office above: the newest policy of each office.
CREATE TABLE policy_held (
  office TEXT PRIMARY KEY, version INTEGER NOT NULL, letter BLOB NOT NULL
) STRICT, WITHOUT ROWID;
