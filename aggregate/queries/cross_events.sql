-- Pages and custom events by what else their visits have: the two-way tables of pages and events with the
-- dimensions of visits, and with each other. Of a page and an event in one visit, the page's rows bring
-- visits and pageviews, the event's rows bring events.
SELECT
    one,
    other,
    countIf(leads AND NOT again) + uniqExactIf(visitor, leads AND again) AS visitors,
    countIf(leads) AS visits,
    sumIf(times, is_view),
    sumIf(bounced, leads),
    0 AS seconds,
    sumIf(times, NOT (is_view AND with_event))
FROM
(
    SELECT
        visitor,
        again,
        bounced,
        times,
        is_view,
        arrayJoin(arrayConcat(items, beside)) AS item,
        item >= {event_first:UInt32} AS with_event,
        item >= {page_first:UInt32} AND NOT with_event AS with_page,
        NOT with_page AS leads,
        if(with_page, item, number) AS one,
        if(with_page, number, item) AS other
    FROM
    (
        SELECT
            visitor,
            visit,
            number,
            is_view,
            times,
            groupArrayIf(number, NOT is_view) OVER same_visit AS events_beside,
            groupArrayIf(number, is_view) OVER same_visit AS pages_beside,
            if(is_view, events_beside, if(empty(events_beside), [], pages_beside)) AS beside
        FROM
        (
            SELECT
                visitor,
                visit,
                name = 'pageview' AS is_view,
                if(
                    is_view,
                    transform(page, {page:Array(String)}, {page_ids:Array(UInt32)}, {page_first:UInt32}),
                    transform(toString(name), {event:Array(String)}, {event_ids:Array(UInt32)}, {event_first:UInt32})
                ) AS number,
                toUInt32(count()) AS times
            FROM <<visit_events>>
            GROUP BY visitor, visit, is_view, number
        )
        WINDOW same_visit AS (PARTITION BY visitor, visit)
    ) AS seen
    INNER JOIN <<visit_items>> AS visits USING (visitor, visit)
)
GROUP BY one, other
