-- Spans of one length that have more or fewer closed days than those they were published with.
SELECT closed.site, closed.first, closed.days
FROM
(
    SELECT
        site,
        if(
            {span:String} = 'month',
            toStartOfMonth(day),
            toStartOfMonth(day) + toUInt16(7 * least(intDiv(toDayOfMonth(day) - 1, 7), 3))
        ) AS first,
        count() AS days
    FROM published FINAL
    WHERE closed
    GROUP BY site, first
) AS closed
LEFT JOIN
(
    SELECT site, first, days FROM published_spans FINAL WHERE span = {span:String}
) AS done ON closed.site = done.site AND closed.first = done.first
WHERE closed.days != done.days
ORDER BY closed.first, closed.site
