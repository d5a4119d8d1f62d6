-- The latest answer to a slip that no other answer replaces.
SELECT t.entity, t.result, t.day, t.note, t.number, t.hlc, t.device, t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_reply AS s
  WHERE s.entity IN (SELECT k FROM dirty_referral)
    AND EXISTS (SELECT 1 FROM f_referral AS f WHERE f.entity = s.entity)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'referral.answered' AND o.entity = s.entity)
) AS t
WHERE t.place = 1
