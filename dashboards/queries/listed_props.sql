-- The props of custom events that reports may list in a range of days.
SELECT DISTINCT dimension
FROM
(
    SELECT dimension FROM report_cells
    WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}

    UNION ALL

    SELECT dimension FROM report_cell_sums
    WHERE site = {site:UInt32} AND first BETWEEN {first:Date} AND {last:Date}
)
WHERE startsWith(dimension, {prefix:String})
ORDER BY dimension
