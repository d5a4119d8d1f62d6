-- A household's outcome is its best one; its latest visit stands beside it (DOMAIN 4.1).
SELECT t.entity,
  MAX(CASE WHEN t.by_standing = 1 THEN t.outcome ELSE '' END),
  MAX(CASE WHEN t.by_time = 1 THEN t.outcome ELSE '' END),
  COUNT(*), MAX(t.delivers), MAX(t.meets), MAX(t.hlc)
FROM (
  SELECT v.entity, v.outcome, v.delivers, v.meets, v.hlc,
    ROW_NUMBER() OVER (
      PARTITION BY v.entity
      ORDER BY v.standing, v.hlc DESC, v.device DESC, v.epoch DESC, v.seq DESC, v.hash DESC) AS by_standing,
    ROW_NUMBER() OVER (
      PARTITION BY v.entity
      ORDER BY v.hlc DESC, v.device DESC, v.epoch DESC, v.seq DESC, v.hash DESC) AS by_time
  FROM f_visit AS v
  WHERE v.entity IN (SELECT k FROM dirty_visit)
    AND NOT EXISTS (SELECT 1 FROM f_withdrawn AS w WHERE w.visit = v.hash AND w.entity = v.entity)
) AS t
GROUP BY t.entity
