-- One finding an item of an inspection, however often that inspection was finished. Its state and due
-- day are those of the latest step that no other step replaces; before the first it is as it was found.
SELECT t.entity, t.inspection, t.item, t.site, t.text, t.criterion, t.severity,
  CASE WHEN m.due IS NULL OR m.due = '' THEN t.due ELSE m.due END, COALESCE(m.state, 'found'), t.hlc, t.device
FROM (
  SELECT f.*, ROW_NUMBER() OVER (
    PARTITION BY f.entity ORDER BY f.hlc, f.device, f.epoch, f.seq, f.hash) AS place
  FROM f_finding AS f
  WHERE f.entity IN (SELECT k FROM dirty_finding)
) AS t
LEFT JOIN (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_move AS s
  WHERE s.entity IN (SELECT k FROM dirty_finding)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'finding.moved' AND o.entity = s.entity)
) AS m ON m.entity = t.entity AND m.place = 1
WHERE t.place = 1
