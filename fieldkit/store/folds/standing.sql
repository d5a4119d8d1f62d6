-- The latest figures of a month that no others replace.
SELECT t.entity, t.scope, t.month, t.figures, t.hlc, t.device, t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_standing AS s
  WHERE s.entity IN (SELECT k FROM dirty_standing)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'standing.figures' AND o.entity = s.entity)
) AS t
WHERE t.place = 1
