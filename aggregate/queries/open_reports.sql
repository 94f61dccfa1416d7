-- Report tables that still have a partition of an open day, and the day.
SELECT DISTINCT table, toDate(parseDateTimeBestEffort(partition)) AS day
FROM system.parts
WHERE database = currentDatabase()
    AND active
    AND table IN ('report_totals', 'report_cells')
    AND length(partition) = 8
ORDER BY day, table
