-- SQLite. The commits with these bytes in their rows that can be changed: no sealed batch that may be under way
-- has them.
SELECT id
FROM commits
WHERE instr(rows, ?) > 0 AND NOT EXISTS (
    SELECT 1 FROM batches
    WHERE reason IS NULL AND commits.id BETWEEN batches.first AND batches.last
)
