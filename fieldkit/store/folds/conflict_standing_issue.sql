-- Issues of one month that did not know of each other and differ; the one in place 1 is in force.
SELECT 'standing_issue', t.entity, '', t.place, t.hash, t.device, t.hlc, t.digest
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (PARTITION BY s.entity ORDER BY s.digest) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.step, s.hlc, s.device, s.epoch, s.seq, s.hash) AS place
    FROM f_standing_issue AS s
    WHERE s.entity IN (SELECT k FROM dirty_standing_issue)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'standing.corrected' AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
