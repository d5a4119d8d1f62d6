-- Answers that replace nothing of each other and differ; the one in place 1 counts.
SELECT 'answer', t.entity, t.item, t.place, t.hash, t.device, t.hlc, t.value
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity, w.item) AS versions
  FROM (
    SELECT a.*,
      DENSE_RANK() OVER (
        PARTITION BY a.entity, a.item ORDER BY a.value, a.note, a.evidence) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY a.entity, a.item
        ORDER BY a.hlc DESC, a.device DESC, a.epoch DESC, a.seq DESC, a.hash DESC) AS place
    FROM f_answer AS a
    WHERE (a.entity, a.item) IN (SELECT k, k2 FROM dirty_answer)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = a.hash AND o.kind = 'answer.given' AND o.entity = a.entity AND o.slot = a.item)
  ) AS w
) AS t
WHERE t.versions > 1
