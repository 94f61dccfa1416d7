-- The events of a day's visits, to be counted column by column. `hour` is local. Texts that repeat from row
-- to row are sent once, whatever their column's type.
SELECT
    visitor,
    toUInt16(visit) AS visit,
    toUnixTimestamp64Micro(received) AS microsecond,
    toHour(toTimeZone(received, {zone:String})) AS hour,
    name,
    interactive,
    toLowCardinality(page) AS page,
    hostname,
    source,
    toLowCardinality(referrer) AS referrer,
    channel,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    utm_term,
    country,
    browser,
    browser_version,
    os,
    os_version,
    device,
    screen
FROM <<visit_events>>
