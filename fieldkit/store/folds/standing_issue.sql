-- The issue of a month that is in force: a correction before a publication, the earliest of
-- several that did not know of each other. A word 'corrected' sorts before 'published'.
SELECT t.entity, t.step, t.scope, t.month, t.digest, t.reason, t.impact, t.doc, t.hlc, t.device, t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.step, s.hlc, s.device, s.epoch, s.seq, s.hash) AS place
  FROM f_standing_issue AS s
  WHERE s.entity IN (SELECT k FROM dirty_standing_issue)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'standing.corrected' AND o.entity = s.entity)
) AS t
WHERE t.place = 1
