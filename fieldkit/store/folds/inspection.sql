-- The first start and the first finish count; a second one changes nothing that was decided, unless the
-- inspection was taken up again meanwhile, which does away with the finishes that it names. The
-- checklist is that of the latest rebase; of a finished inspection, of the latest that its finish knew.
WITH ended AS (
  SELECT * FROM (
    SELECT e.*, ROW_NUMBER() OVER (
      PARTITION BY e.entity ORDER BY e.hlc, e.device, e.epoch, e.seq, e.hash) AS place
    FROM f_finished AS e
    WHERE e.entity IN (SELECT k FROM dirty_inspection)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = e.hash AND o.kind = 'inspection.reopened' AND o.entity = e.entity)
  ) AS x WHERE x.place = 1
)
SELECT t.entity, t.site, COALESCE(r.checklist, t.checklist), COALESCE(r.checklist_id, t.checklist_id),
  COALESCE(r.checklist_version, t.checklist_version), t.mode, t.nature, t.day, t.seed,
  t.hlc, t.device, f.hlc, f.points, f.max_points, f.grade, f.veto
FROM (
  SELECT i.*, ROW_NUMBER() OVER (
    PARTITION BY i.entity ORDER BY i.hlc, i.device, i.epoch, i.seq, i.hash) AS place
  FROM f_inspection AS i
  WHERE i.entity IN (SELECT k FROM dirty_inspection)
) AS t
LEFT JOIN ended AS f ON f.entity = t.entity
LEFT JOIN (
  SELECT b.*, ROW_NUMBER() OVER (
    PARTITION BY b.entity
    ORDER BY b.hlc DESC, b.device DESC, b.epoch DESC, b.seq DESC, b.hash DESC) AS place
  FROM f_rebased AS b
  LEFT JOIN ended AS e ON e.entity = b.entity
  WHERE b.entity IN (SELECT k FROM dirty_inspection)
    AND (e.hash IS NULL OR EXISTS (
      SELECT 1 FROM f_over AS o WHERE o.replaced = b.hash AND o.hash = e.hash))
) AS r ON r.entity = t.entity AND r.place = 1
WHERE t.place = 1
