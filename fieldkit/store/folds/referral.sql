-- One slip an id: the first that was written under it.
SELECT t.entity, t.site, t.inspection, t.item, t.matter, t.facts, t.receiver, t.unit, t.number, t.day,
  t.hlc, t.device, t.hash
FROM (
  SELECT f.*, ROW_NUMBER() OVER (
    PARTITION BY f.entity ORDER BY f.hlc, f.device, f.epoch, f.seq, f.hash) AS place
  FROM f_referral AS f
  WHERE f.entity IN (SELECT k FROM dirty_referral)
) AS t
WHERE t.place = 1
