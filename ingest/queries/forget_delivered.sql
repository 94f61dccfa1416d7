DELETE FROM batches
WHERE delivered AND NOT EXISTS (SELECT 1 FROM commits WHERE commits.id BETWEEN batches.first AND batches.last)
