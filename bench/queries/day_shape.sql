-- What a site's day of raw events is like; the fingerprint is the same for the same rows in any order, on any day.
SELECT
    count() AS events,
    uniqExact(visitor) AS visitors,
    (
        SELECT sum(1 + arrayCount(gap -> gap > 1800, arrayDifference(arraySort(seen))))
        FROM
        (
            SELECT groupArray(toUnixTimestamp(received)) AS seen
            FROM events
            WHERE site = {site:UInt32} AND day = {day:Date} AND name != 'engagement'
            GROUP BY visitor
        )
    ) AS visits,
    countIf(name = 'pageview') AS pageviews,
    countIf(name NOT IN ('pageview', 'engagement')) AS custom_events,
    countIf(name = 'engagement') AS engagement_events,
    countIf(utm_source != '') AS tagged_events,
    uniqExact(page) AS pages,
    uniqExactIf(source, source != '') AS sources,
    uniqExactIf(referrer, referrer != '') AS referrers,
    uniqExact(country) AS countries,
    uniqExact(browser, browser_version, os, os_version) AS platforms,
    hex(groupBitXor(sipHash64(
        visitor, toUnixTimestamp64Micro(received) - {start:Int64}, name, page, source, country, browser, toString(props)
    ))) AS fingerprint
FROM events
WHERE site = {site:UInt32} AND day = {day:Date}
