-- The latest of the answers that no other answer replaces.
SELECT t.entity, t.item, t.value, t.note, t.evidence, t.hlc, t.device, t.hash
FROM (
  SELECT a.*, ROW_NUMBER() OVER (
    PARTITION BY a.entity, a.item
    ORDER BY a.hlc DESC, a.device DESC, a.epoch DESC, a.seq DESC, a.hash DESC) AS place
  FROM f_answer AS a
  WHERE (a.entity, a.item) IN (SELECT k, k2 FROM dirty_answer)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = a.hash AND o.kind = 'answer.given' AND o.entity = a.entity AND o.slot = a.item)
) AS t
WHERE t.place = 1
