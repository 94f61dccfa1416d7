-- Rows of published rolls of the profile strict with a number that is no multiple of the base, by table.
WITH rolls AS
(
    SELECT site, day, roll FROM published FINAL WHERE profile = 'strict'
)
SELECT site, day, held, count()
FROM
(
    SELECT site, day, 'report_totals' AS held, [visitors, visits, pageviews, bounces, seconds, events] AS numbers
    FROM report_totals
    WHERE (site, day, roll) IN rolls
    UNION ALL
    SELECT site, day, 'report_cells', [visitors, visits, pageviews, bounces, seconds, events]
    FROM report_cells
    WHERE (site, day, roll) IN rolls
    UNION ALL
    SELECT site, day, 'report_filtered', [visitors, visits, pageviews, bounces, seconds, events]
    FROM report_filtered
    WHERE (site, day, roll) IN rolls
)
WHERE arrayExists(number -> number % {base:UInt16} != 0, numbers)
GROUP BY site, day, held
ORDER BY day, site, held
