-- The first start and the first finish count; a second one changes nothing that was decided.
SELECT t.entity, t.site, t.checklist, t.checklist_id, t.checklist_version, t.mode, t.nature, t.day, t.seed,
  t.hlc, t.device, f.hlc, f.points, f.max_points, f.grade, f.veto
FROM (
  SELECT i.*, ROW_NUMBER() OVER (
    PARTITION BY i.entity ORDER BY i.hlc, i.device, i.epoch, i.seq, i.hash) AS place
  FROM f_inspection AS i
  WHERE i.entity IN (SELECT k FROM dirty_inspection)
) AS t
LEFT JOIN (
  SELECT e.*, ROW_NUMBER() OVER (
    PARTITION BY e.entity ORDER BY e.hlc, e.device, e.epoch, e.seq, e.hash) AS place
  FROM f_finished AS e
  WHERE e.entity IN (SELECT k FROM dirty_inspection)
) AS f ON f.entity = t.entity AND f.place = 1
WHERE t.place = 1
