-- Cells of published rolls with fewer visitors than the k of their roll, by site, day and dimension; with a
-- filter or without. Filtered numbers are rounded, those of the profile strict all are, and none to nobody; the
-- dimension of no name holds of how many visitors an open day's lists are. A roll whose k is not known must
-- keep the least k. Of the profile dp numbers are noise: k is not what they keep.
WITH (SELECT greatest(max(threshold), {least:UInt16}, {strict_base:UInt16}) FROM published) AS largest_k
SELECT
    cells.site,
    cells.day,
    cells.dimension,
    cells.filtered,
    multiIf(
        rolls.profile = 'strict', greatest(rolls.k - rolls.k % {strict_base:UInt16}, {strict_base:UInt16}),
        cells.filtered, rolls.k - rolls.k % {base:UInt16},
        rolls.k
    ) AS needed,
    count()
FROM
(
    SELECT site, day, roll, dimension, visitors, false AS filtered
    FROM report_cells
    WHERE visitors < largest_k AND dimension != ''
    UNION ALL
    SELECT site, day, roll, dimension, visitors, true FROM report_filtered WHERE visitors < largest_k
    UNION ALL
    SELECT site, day, roll, 'scroll depth', visitors, false FROM report_scroll WHERE visitors < largest_k
) AS cells
INNER JOIN
(
    SELECT site, day, roll, closed, greatest(threshold, {least:UInt16}) AS k, profile FROM published FINAL
) AS rolls ON cells.site = rolls.site AND cells.day = rolls.day AND cells.roll = rolls.roll
WHERE cells.visitors < needed AND rolls.profile != 'dp'
GROUP BY cells.site, cells.day, cells.dimension, cells.filtered, needed
ORDER BY cells.day, cells.site, cells.dimension, cells.filtered
