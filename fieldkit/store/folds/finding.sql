-- One finding an item of an inspection, however often that inspection was finished.
SELECT t.entity, t.inspection, t.item, t.site, t.text, t.criterion, t.severity, t.due, 'found', t.hlc, t.device
FROM (
  SELECT f.*, ROW_NUMBER() OVER (
    PARTITION BY f.entity ORDER BY f.hlc, f.device, f.epoch, f.seq, f.hash) AS place
  FROM f_finding AS f
  WHERE f.entity IN (SELECT k FROM dirty_finding)
) AS t
WHERE t.place = 1
