-- Bodies that were erased by their term (DOMAIN 5.3) and never come back, and files that went with them.
CREATE TABLE IF NOT EXISTS erased (
  device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (device, epoch, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased_file (sha256 TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- The two changes there are: a body arrives, or is erased. Of both lines the one without a body must be
-- the very header of the one with it, letter for letter, so nothing else of an event can ever change. The
-- digest of the body stands 192 letters and those of kind and number before the end of a whole line.
DROP TRIGGER IF EXISTS event_is_never_changed;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
WHEN NOT (
  NEW.device = OLD.device AND NEW.epoch = OLD.epoch AND NEW.seq = OLD.seq AND NEW.hash = OLD.hash
  AND NEW.prev = OLD.prev AND NEW.hlc = OLD.hlc AND NEW.kind = OLD.kind AND NEW.entity = OLD.entity
  AND NEW.division = OLD.division
  AND (instr(OLD.line, '"b":') > 0) <> (instr(NEW.line, '"b":') > 0)
  AND CASE WHEN instr(OLD.line, '"b":') > 0 THEN NEW.line ELSE OLD.line END = CAST(
    '{"a":"' || OLD.division || '","d":"' || OLD.device || '","e":"' || OLD.epoch || '","h":"'
    || substr(CAST(CASE WHEN instr(OLD.line, '"b":') > 0 THEN OLD.line ELSE NEW.line END AS TEXT),
      -256 - length(OLD.kind) - length(OLD.seq), 64)
    || '","k":"' || OLD.kind || '","n":"' || OLD.entity || '","p":"' || OLD.prev || '","s":' || OLD.seq
    || ',"t":"' || OLD.hlc || '","v":1}' AS BLOB))
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
