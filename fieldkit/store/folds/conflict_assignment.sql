-- Words on one assignment that did not know of each other and differ; the one in place 1 counts.
SELECT 'assignment', t.entity, '', t.place, t.hash, t.device, t.hlc, t.inspector
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (
        PARTITION BY s.entity ORDER BY s.site, s.checklist, s.inspector, s.day, s.due, s.campaign) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_assignment AS s
    WHERE s.entity IN (SELECT k FROM dirty_assignment)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'assignment.put' AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
