-- A household's outcome is its best one; its latest visit stands beside it (DOMAIN 4.1).
-- The latest is the greatest of keys of one width each, glued together with the outcome behind them:
-- (hlc, device, epoch, seq, hash). No two outcomes share a standing, so the best needs no more than that.
SELECT v.entity,
  SUBSTR(MIN(CAST(1000 + v.standing AS TEXT) || v.outcome), 5),
  SUBSTR(MAX(v.hlc || v.device || v.epoch || CAST(10000000000000000 + v.seq AS TEXT) || v.hash || v.outcome), 146),
  COUNT(*), MAX(v.delivers), MAX(v.meets), MAX(v.hlc)
FROM f_visit AS v
WHERE v.entity IN (SELECT k FROM dirty_visit)
  AND NOT EXISTS (SELECT 1 FROM f_withdrawn AS w WHERE w.visit = v.hash AND w.entity = v.entity)
GROUP BY v.entity
