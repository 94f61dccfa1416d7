-- Of the lines before a month: those to which a later one is chained, or no other at all.
SELECT DISTINCT sequence, hash
FROM accesses
WHERE toStartOfMonth(at) < {month:Date}
    AND (
        hash IN (SELECT arrayJoin(splitByChar(',', previous)) FROM accesses WHERE toStartOfMonth(at) >= {month:Date})
        OR hash NOT IN (SELECT arrayJoin(splitByChar(',', previous)) FROM accesses)
    )
ORDER BY sequence, hash
