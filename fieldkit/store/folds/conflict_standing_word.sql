-- Words on one delisting or carrying over that did not know of each other and differ.
SELECT 'standing_word', t.entity, '', t.place, t.hash, t.device, t.hlc, t.state
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (PARTITION BY s.entity ORDER BY s.name, s.day, s.state, s.sources, s.reason) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_standing_word AS s
    WHERE s.entity IN (SELECT k FROM dirty_standing_word)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind IN ('standing.delisted', 'standing.carried') AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
