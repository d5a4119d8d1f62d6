-- Words on one campaign that did not know of each other and differ; the one in place 1 counts.
SELECT 'campaign', t.entity, '', t.place, t.hash, t.device, t.hlc, t.last_day
FROM (
  SELECT w.*, MAX(w.version) OVER (PARTITION BY w.entity) AS versions
  FROM (
    SELECT s.*,
      DENSE_RANK() OVER (
        PARTITION BY s.entity ORDER BY s.name, s.first_day, s.last_day, s.phases, s.lists) AS version,
      ROW_NUMBER() OVER (
        PARTITION BY s.entity
        ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
    FROM f_campaign AS s
    WHERE s.entity IN (SELECT k FROM dirty_campaign)
      AND NOT EXISTS (
        SELECT 1 FROM f_over AS o
        WHERE o.replaced = s.hash AND o.kind = 'campaign.put' AND o.entity = s.entity)
  ) AS w
) AS t
WHERE t.versions > 1
