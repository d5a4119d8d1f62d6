-- Visits are facts: all are kept but those withdrawn.
SELECT v.hash, v.entity, v.outcome, v.materials, v.app, v.note, v.day, v.hlc, v.device
FROM f_visit AS v
WHERE v.entity IN (SELECT k FROM dirty_visit)
  AND NOT EXISTS (SELECT 1 FROM f_withdrawn AS w WHERE w.visit = v.hash AND w.entity = v.entity)
