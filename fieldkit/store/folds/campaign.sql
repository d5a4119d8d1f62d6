-- The latest word on a campaign that no other replaces.
SELECT t.entity, t.name, t.first_day, t.last_day, t.phases, t.lists, t.hlc, t.device, t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_campaign AS s
  WHERE s.entity IN (SELECT k FROM dirty_campaign)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'campaign.put' AND o.entity = s.entity)
) AS t
WHERE t.place = 1
