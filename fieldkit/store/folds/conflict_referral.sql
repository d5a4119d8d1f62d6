-- Answers to one slip that did not know of each other and differ; the one in place 1 counts.
SELECT 'referral', t.entity, '', t.place, t.hash, t.device, t.hlc, t.result
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (
        PARTITION BY s.entity ORDER BY s.result, s.day, s.note, s.number) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_reply AS s
    WHERE s.entity IN (SELECT k FROM dirty_referral)
      AND EXISTS (SELECT 1 FROM f_referral AS f WHERE f.entity = s.entity)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'referral.answered' AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
