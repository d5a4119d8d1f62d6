-- The journal: the only table that cannot be made again.
CREATE TABLE event (
  device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  prev TEXT NOT NULL, hlc TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT NOT NULL,
  division TEXT NOT NULL, line BLOB NOT NULL,
  PRIMARY KEY (device, epoch, seq, hash)
) STRICT, WITHOUT ROWID;
-- The one change there is: the body arrives of an event that came here without it.
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
WHEN NOT (
  NEW.device = OLD.device AND NEW.epoch = OLD.epoch AND NEW.seq = OLD.seq AND NEW.hash = OLD.hash
  AND NEW.prev = OLD.prev AND NEW.hlc = OLD.hlc AND NEW.kind = OLD.kind AND NEW.entity = OLD.entity
  AND NEW.division = OLD.division AND instr(OLD.line, '"b":') = 0 AND instr(NEW.line, '"b":') > 0)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- This home's own bookkeeping; no fact of the field.
CREATE TABLE home (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- How far each chain reaches, kept beside the journal so that nobody has to walk it to know.
CREATE TABLE chain (
  device TEXT NOT NULL, epoch TEXT NOT NULL, events INTEGER NOT NULL, last_hlc TEXT NOT NULL,
  PRIMARY KEY (device, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE chain_run (
  device TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (device, epoch, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE chain_fork (
  device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (device, epoch, seq)
) STRICT, WITHOUT ROWID;

-- Facts: one row an event, its body as columns, so that no fold ever reads JSON.
CREATE TABLE f_over (
  replaced TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT NOT NULL, slot TEXT NOT NULL,
  PRIMARY KEY (replaced, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE f_site (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL,
  division TEXT NOT NULL, grid TEXT NOT NULL, address TEXT NOT NULL, floor TEXT NOT NULL, registered INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX f_site_entity ON f_site (entity);
CREATE TABLE f_removed (
  hash TEXT PRIMARY KEY, entity TEXT NOT NULL, reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_removed_entity ON f_removed (entity);
CREATE TABLE f_checklist (
  hash TEXT PRIMARY KEY, digest TEXT NOT NULL, doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_checklist_digest ON f_checklist (digest);
CREATE TABLE f_inspection (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, site TEXT NOT NULL, checklist TEXT NOT NULL, checklist_id TEXT NOT NULL,
  checklist_version TEXT NOT NULL, mode TEXT NOT NULL, nature TEXT NOT NULL, day TEXT NOT NULL, seed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_inspection_entity ON f_inspection (entity);
CREATE TABLE f_finished (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, points TEXT NOT NULL, max_points TEXT NOT NULL, grade TEXT NOT NULL, veto TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_finished_entity ON f_finished (entity);
CREATE TABLE f_answer (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, item TEXT NOT NULL, value TEXT NOT NULL, note TEXT NOT NULL, evidence TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_answer_slot ON f_answer (entity, item);
CREATE TABLE f_finding (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, inspection TEXT NOT NULL, item TEXT NOT NULL, site TEXT NOT NULL, text TEXT NOT NULL,
  criterion TEXT NOT NULL, severity TEXT NOT NULL, due TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_finding_entity ON f_finding (entity);
CREATE TABLE f_evidence (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, ext TEXT NOT NULL, media TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_evidence_sha256 ON f_evidence (sha256);
CREATE TABLE f_visit (
  hash TEXT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, outcome TEXT NOT NULL, standing INTEGER NOT NULL, delivers INTEGER NOT NULL,
  meets INTEGER NOT NULL, materials INTEGER NOT NULL, app TEXT NOT NULL, note TEXT NOT NULL, day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_visit_entity ON f_visit (entity);
CREATE TABLE f_withdrawn (
  hash TEXT PRIMARY KEY, entity TEXT NOT NULL, visit TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX f_withdrawn_visit ON f_withdrawn (visit);

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
CREATE TABLE visit (
  event TEXT PRIMARY KEY, door TEXT NOT NULL, outcome TEXT NOT NULL, materials INTEGER NOT NULL, app TEXT NOT NULL,
  note TEXT NOT NULL, day TEXT NOT NULL, hlc TEXT NOT NULL, device TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_door ON visit (door);
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
