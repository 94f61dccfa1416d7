-- The lines to which no other line is chained yet: one, or several that were written at the same moment.
-- Whoever wrote beside others was at most so many lines behind.
WITH latest AS
(
    SELECT sequence, previous, hash
    FROM {table:Identifier}
    ORDER BY sequence DESC
    LIMIT 1000
)
SELECT DISTINCT sequence, hash
FROM latest
WHERE hash NOT IN (SELECT arrayJoin(splitByChar(',', previous)) FROM latest)
ORDER BY hash
