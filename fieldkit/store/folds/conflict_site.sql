-- Two laptops described one place differently without having seen each other.
SELECT 'site', t.entity, '', t.place, t.hash, t.device, t.hlc, t.name
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (
        PARTITION BY s.entity
        ORDER BY s.name, s.kind, s.parent, s.division, s.grid, s.address, s.floor,
          CASE WHEN s.registered IS NULL THEN 2 ELSE s.registered END) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_site AS s
    WHERE s.entity IN (SELECT k FROM dirty_site)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'site.put' AND o.entity = s.entity AND o.slot = '')
  ) AS w
) AS t
WHERE t.versions > 1
