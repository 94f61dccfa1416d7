-- How many visitors saw each page; of a visitor who saw many, a few count. Which ones, a hash of the
-- visitor and the page decides, and nobody else's visit.
SELECT page, count() AS visitors
FROM
(
    SELECT visitor, page
    FROM
    (
        SELECT DISTINCT visitor, page FROM <<visit_events>> WHERE name = 'pageview'
    )
    ORDER BY visitor, sipHash64(visitor, page), page
    LIMIT {most_pages:UInt64} BY visitor
)
GROUP BY page
ORDER BY page
