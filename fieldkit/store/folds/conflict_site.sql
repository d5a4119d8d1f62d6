-- Two laptops described one place differently without having seen each other.
SELECT 'site', t.entity, '', t.place, t.hash, t.device, t.hlc, t.name
FROM (
  SELECT u.*, MIN(u.whole) OVER (PARTITION BY u.entity) AS least, MAX(u.whole) OVER (PARTITION BY u.entity) AS most
  FROM (
    SELECT s.*,
      s.name || '|' || s.kind || '|' || s.parent || '|' || s.division || '|' || s.grid || '|' || s.address || '|'
        || s.floor || '|' || CASE WHEN s.registered IS NULL THEN '-' WHEN s.registered = 1 THEN '1' ELSE '0' END AS whole,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_site AS s
    WHERE s.entity IN (SELECT k FROM dirty_site)
      AND NOT EXISTS (SELECT 1 FROM f_over AS o WHERE o.replaced = s.hash AND o.entity = s.entity)
  ) AS u
) AS t
WHERE t.least <> t.most
