-- Figures of one month that did not know of each other and differ; those in place 1 count.
SELECT 'standing', t.entity, '', t.place, t.hash, t.device, t.hlc, t.month
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (PARTITION BY s.entity ORDER BY s.figures) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_standing AS s
    WHERE s.entity IN (SELECT k FROM dirty_standing)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'standing.figures' AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
