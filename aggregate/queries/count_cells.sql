-- How many cells readers see, of how many published days, and how many of those have no k on record.
WITH rolls AS
(
    SELECT site, day, roll FROM published FINAL
)
SELECT
    (SELECT count() FROM report_cells WHERE dimension != '' AND NOT startsWith(dimension, {waiting:String}) AND (site, day, roll) IN rolls)
    + (SELECT count() FROM report_filtered WHERE (site, day, roll) IN rolls)
    + (SELECT count() FROM report_scroll WHERE (site, day, roll) IN rolls),
    count(),
    countIf(threshold = 0)
FROM published FINAL
