-- Slips that hand a building's facts over to another unit, and what came back.
CREATE TABLE IF NOT EXISTS f_referral (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, site TEXT NOT NULL, inspection TEXT NOT NULL, item TEXT NOT NULL,
  matter TEXT NOT NULL, facts TEXT NOT NULL, receiver TEXT NOT NULL, unit TEXT NOT NULL, number TEXT NOT NULL, day TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS f_reply (
  hash TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hlc TEXT NOT NULL,
  entity TEXT NOT NULL, result TEXT NOT NULL, day TEXT NOT NULL, note TEXT NOT NULL, number TEXT NOT NULL,
  PRIMARY KEY (entity, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS referral (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, inspection TEXT NOT NULL, item TEXT NOT NULL,
  matter TEXT NOT NULL, facts TEXT NOT NULL, receiver TEXT NOT NULL, unit TEXT NOT NULL, number TEXT NOT NULL, day TEXT NOT NULL,
  hlc TEXT NOT NULL, device TEXT NOT NULL, event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS referral_site ON referral (site);
CREATE TABLE IF NOT EXISTS referral_reply (
  referral TEXT PRIMARY KEY, result TEXT NOT NULL, day TEXT NOT NULL, note TEXT NOT NULL, number TEXT NOT NULL,
  hlc TEXT NOT NULL, device TEXT NOT NULL, event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
