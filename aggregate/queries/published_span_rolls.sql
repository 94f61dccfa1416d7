-- The rolls of the spans that are read: months, and parts of the month.
SELECT span, first, roll
FROM published_spans FINAL
WHERE site = {site:UInt32}
    AND ((span = 'month' AND first IN {months:Array(Date)}) OR (span = 'part' AND first IN {parts:Array(Date)}))
