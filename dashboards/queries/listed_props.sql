-- The props of custom events that reports may list in a range of days: of its last two weeks those of the days
-- themselves, before that those of months and their parts, which all closed days of then are in.
SELECT DISTINCT dimension
FROM
(
    SELECT dimension
    FROM report_cells
    WHERE site = {site:UInt32}
        AND day BETWEEN greatest({first:Date}, {last:Date} - 14) AND {last:Date}
        AND startsWith(dimension, {prefix:String})

    UNION ALL

    SELECT dimension
    FROM report_cell_sums
    WHERE site = {site:UInt32}
        AND first BETWEEN {first:Date} - 31 AND {last:Date}
        AND startsWith(dimension, {prefix:String})
)
ORDER BY dimension
