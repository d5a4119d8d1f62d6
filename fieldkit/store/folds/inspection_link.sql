-- What the first start says.
SELECT t.entity, l.pair, l.prior, l.asks
FROM (
  SELECT i.*, ROW_NUMBER() OVER (
    PARTITION BY i.entity ORDER BY i.hlc, i.device, i.epoch, i.seq, i.hash) AS place
  FROM f_inspection AS i
  WHERE i.entity IN (SELECT k FROM dirty_inspection)
) AS t
JOIN f_link AS l ON l.entity = t.entity AND l.hash = t.hash
WHERE t.place = 1
