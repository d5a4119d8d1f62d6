-- The latest word on a delisting, or on what a unit takes over, that no other replaces.
SELECT t.entity, t.word, t.scope, t.unit, t.name, t.number, t.day, t.state, t.sources, t.reason, t.hlc, t.device, t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_standing_word AS s
  WHERE s.entity IN (SELECT k FROM dirty_standing_word)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind IN ('standing.delisted', 'standing.carried') AND o.entity = s.entity)
) AS t
WHERE t.place = 1
