-- Steps of one finding that did not know of each other and differ; the one in place 1 counts.
SELECT 'finding', t.entity, '', t.place, t.hash, t.device, t.hlc, t.step
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (
        PARTITION BY s.entity
        ORDER BY s.step, s.due, s.note, s.number, s.evidence, s.inspection, s.day) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_move AS s
    WHERE s.entity IN (SELECT k FROM dirty_finding)
      AND EXISTS (SELECT 1 FROM f_finding AS f WHERE f.entity = s.entity)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'finding.moved' AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
