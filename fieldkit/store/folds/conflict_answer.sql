-- Answers that replace nothing of each other and differ; the one in place 1 counts.
SELECT 'answer', t.entity, t.item, t.place, t.hash, t.device, t.hlc, t.value
FROM (
  SELECT a.*, ROW_NUMBER() OVER (
      PARTITION BY a.entity, a.item
      ORDER BY a.hlc DESC, a.device DESC, a.epoch DESC, a.seq DESC, a.hash DESC) AS place,
    MIN(a.value || '|' || a.note || '|' || a.evidence) OVER (PARTITION BY a.entity, a.item) AS least,
    MAX(a.value || '|' || a.note || '|' || a.evidence) OVER (PARTITION BY a.entity, a.item) AS most
  FROM f_answer AS a
  WHERE a.entity IN (SELECT k FROM dirty_answer)
    AND NOT EXISTS (SELECT 1 FROM f_over AS o WHERE o.replaced = a.hash AND o.entity = a.entity)
) AS t
WHERE t.least <> t.most
