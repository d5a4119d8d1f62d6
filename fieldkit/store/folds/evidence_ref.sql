-- Addressed by content; the first announcement counts.
SELECT t.sha256, t.size, t.ext, t.media
FROM (
  SELECT e.*, ROW_NUMBER() OVER (
    PARTITION BY e.sha256 ORDER BY e.hlc, e.device, e.epoch, e.seq, e.hash) AS place
  FROM f_evidence AS e
  WHERE e.sha256 IN (SELECT k FROM dirty_evidence)
) AS t
WHERE t.place = 1
