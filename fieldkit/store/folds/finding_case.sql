-- What all steps of a finding come to: its round, its latest notice, and the step that counts. A
-- re-inspection that fails begins one round, however many laptops finish it.
SELECT m.entity, r.rounds, COALESCE(n.number, ''), m.step, m.day, m.inspection, m.hlc, m.device
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.entity
    ORDER BY s.hlc DESC, s.device DESC, s.epoch DESC, s.seq DESC, s.hash DESC) AS place
  FROM f_move AS s
  WHERE s.entity IN (SELECT k FROM dirty_finding)
    AND EXISTS (SELECT 1 FROM f_finding AS f WHERE f.entity = s.entity)
    AND NOT EXISTS (
      SELECT 1 FROM f_over AS o
      WHERE o.replaced = s.hash AND o.kind = 'finding.moved' AND o.entity = s.entity)
) AS m
JOIN (
  SELECT a.entity, 1 + COUNT(DISTINCT CASE
    WHEN a.step NOT IN ('fail', 'relapse') THEN NULL
    WHEN a.inspection = '' THEN a.hash ELSE a.inspection END) AS rounds
  FROM f_move AS a
  WHERE a.entity IN (SELECT k FROM dirty_finding)
  GROUP BY a.entity
) AS r ON r.entity = m.entity
LEFT JOIN (
  SELECT b.entity, b.number, ROW_NUMBER() OVER (
    PARTITION BY b.entity
    ORDER BY b.hlc DESC, b.device DESC, b.epoch DESC, b.seq DESC, b.hash DESC) AS place
  FROM f_move AS b
  WHERE b.entity IN (SELECT k FROM dirty_finding) AND b.step = 'notify' AND b.number != ''
) AS n ON n.entity = m.entity AND n.place = 1
WHERE m.place = 1
