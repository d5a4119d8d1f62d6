-- The latest of those that no other replaces.
SELECT t.entity, t.inspectors, t.observed_from, t.observed_to, t.unit_view, t.unit_sign, t.hlc, t.device
FROM (
  SELECT p.*, ROW_NUMBER() OVER (
    PARTITION BY p.entity
    ORDER BY p.hlc DESC, p.device DESC, p.epoch DESC, p.seq DESC, p.hash DESC) AS place
  FROM f_particulars AS p
  WHERE p.entity IN (SELECT k FROM dirty_inspection)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = p.hash AND o.kind = 'inspection.particulars' AND o.entity = p.entity)
) AS t
WHERE t.place = 1
