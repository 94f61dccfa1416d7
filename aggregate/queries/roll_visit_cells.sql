-- Every dimension that belongs to a visit, as cells. Visits that have no value of an optional
-- dimension (utm_*, entry_page of a visit without a pageview) are its cell of the empty value.
SELECT
    dimension,
    value,
    visitors,
    visits,
    pageviews,
    bounces,
    seconds,
    events,
    -- Who is in a cell that may be hidden: one below k, or the smallest that is not.
    if(
        visitors < {k:UInt64} OR visitors = min(if(visitors < {k:UInt64} OR value = '', 18446744073709551615, visitors)) OVER (PARTITION BY dimension),
        everyone,
        []
    )
FROM
(
    SELECT
        dimension,
        value,
        uniqExact(visitor) AS visitors,
        count() AS visits,
        sum(pageviews) AS pageviews,
        sum(bounced) AS bounces,
        sum(seconds) AS seconds,
        sum(events) AS events,
        groupUniqArray((visitor, visit)) AS everyone
    FROM
    (
        SELECT
            visitor,
            visit,
            pageviews,
            bounced,
            seconds,
            events,
            arrayJoin([
                ('entry_page', entry_page),
                ('exit_page', exit_page),
                ('hostname', first.1),
                ('source', if(first.2 = '', {none:String}, first.2)),
                ('referrer', if(first.3 = '', {none:String}, first.3)),
                ('channel', first.4),
                ('utm_source', first.5),
                ('utm_medium', first.6),
                ('utm_campaign', first.7),
                ('utm_content', first.8),
                ('utm_term', first.9),
                ('country', if(first.10 = '', {unknown:String}, first.10)),
                ('browser', if(first.11 = '', {unknown:String}, first.11)),
                ('browser_version', if(first.12 = '', '', concat(first.11, ' ', first.12))),
                ('os', if(first.13 = '', {unknown:String}, first.13)),
                ('os_version', if(first.14 = '', '', concat(first.13, ' ', first.14))),
                ('device', if(first.15 = '', {unknown:String}, first.15)),
                ('screen', first.16)
            ]) AS cell,
            cell.1 AS dimension,
            cell.2 AS value
        FROM <<visits>>
    )
    GROUP BY dimension, value
)
ORDER BY dimension, value
