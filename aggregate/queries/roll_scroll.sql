-- How far down each page its visits got: the visits that told a depth, and the greatest of each added up.
-- An engagement event belongs to the visit in which its visitor last opened the page, however long ago: who
-- reads for an hour tells it after the visit. One of a page that its visitor opened on no visit of the day
-- (before midnight, say) belongs to none. A depth of 0 is none: trackers begin with what fits the window.
SELECT
    page,
    uniqExact(visitor) AS visitors,
    count() AS visits,
    sum(depth) AS depths
FROM
(
    SELECT told.page AS page, told.visitor AS visitor, seen.visit AS visit, max(told.scroll_depth) AS depth
    FROM
    (
        SELECT visitor, page, received, scroll_depth
        FROM events
        WHERE site = {site:UInt32} AND day = {day:Date}
            AND visitor != 0 AND name = 'engagement' AND scroll_depth > 0
    ) AS told
    ASOF INNER JOIN
    (
        SELECT visitor, page, received, visit FROM <<visit_events>> WHERE name = 'pageview'
    ) AS seen
    ON told.visitor = seen.visitor AND told.page = seen.page AND told.received >= seen.received
    GROUP BY page, visitor, visit
)
GROUP BY page
HAVING visitors >= {k:UInt64}
ORDER BY page
