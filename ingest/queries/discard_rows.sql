DELETE FROM commits
WHERE id IN (
    SELECT commits.id FROM commits JOIN batches ON commits.id BETWEEN batches.first AND batches.last
    WHERE batches.delivered ORDER BY commits.id LIMIT ?
)
