SELECT coalesce(sum(events), 0), coalesce(sum(length(rows) + length(tallies)), 0), min(received)
FROM commits
WHERE NOT EXISTS (
    SELECT 1 FROM batches
    WHERE (reason IS NOT NULL OR delivered) AND commits.id BETWEEN batches.first AND batches.last
)
