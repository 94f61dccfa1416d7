SELECT coalesce(sum(length(rows) + length(tallies)), 0)
FROM commits
WHERE NOT EXISTS (SELECT 1 FROM batches WHERE delivered AND commits.id BETWEEN batches.first AND batches.last)
