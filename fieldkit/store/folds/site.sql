-- The latest of the writes that no other write replaces; removed (1) once a removal is confirmed,
-- superseded (2) where every removal says that others stand in its place.
SELECT t.entity, t.code, t.name, t.kind, t.parent, t.division, t.grid, t.address, t.floor, t.registered,
  COALESCE((
    SELECT CASE WHEN MIN(r.reason IN ('split', 'joined')) THEN 2 ELSE 1 END
    FROM f_removed AS r WHERE r.entity = t.entity HAVING COUNT(*) > 0), 0), t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_site AS s
  WHERE s.entity IN (SELECT k FROM dirty_site)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'site.put' AND o.entity = s.entity AND o.slot = '')
) AS t
WHERE t.place = 1
