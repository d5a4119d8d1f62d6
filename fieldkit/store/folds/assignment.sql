-- The latest word on an assignment that no other replaces; taken back, it stays so.
SELECT t.entity, t.site, t.checklist, t.inspector, t.day, t.due, t.campaign,
  EXISTS (SELECT 1 FROM f_unassigned AS u WHERE u.entity = t.entity), t.hlc, t.device, t.hash
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_assignment AS s
  WHERE s.entity IN (SELECT k FROM dirty_assignment)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'assignment.put' AND o.entity = s.entity)
) AS t
WHERE t.place = 1
