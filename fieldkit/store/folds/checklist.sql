-- Addressed by its content, so every copy is the same.
SELECT c.digest, MIN(c.doc)
FROM f_checklist AS c
WHERE c.digest IN (SELECT k FROM dirty_checklist)
GROUP BY c.digest
