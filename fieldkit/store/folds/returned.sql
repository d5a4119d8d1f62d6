-- The latest word that sent an inspection back, unless it was finished after that.
SELECT t.entity, t.reason, t.hlc, t.device, t.hash
FROM (
  SELECT r.*, ROW_NUMBER() OVER (
    PARTITION BY r.entity
    ORDER BY r.hlc DESC, r.device DESC, r.epoch DESC, r.seq DESC, r.hash DESC) AS place
  FROM f_returned AS r
  WHERE r.entity IN (SELECT k FROM dirty_inspection)
    AND EXISTS (SELECT 1 FROM f_inspection AS i WHERE i.entity = r.entity)
) AS t
WHERE t.place = 1
  AND NOT EXISTS (SELECT 1 FROM f_finished AS e WHERE e.entity = t.entity AND e.hlc > t.hlc)
