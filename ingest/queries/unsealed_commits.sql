SELECT id, events, length(rows)
FROM commits
WHERE id > (SELECT coalesce(max(last), 0) FROM batches)
ORDER BY id
