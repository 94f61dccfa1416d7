-- Each visit with what it counts for, and its items: the number of its value in every dimension, in an
-- order that all visits share. The first number of a dimension stands for all values that are hidden.
-- `again`: its visitor made more than one visit that day.
SELECT
    visitor,
    visit,
    count() OVER (PARTITION BY visitor) > 1 AS again,
    toUInt32(pageviews) AS pageviews,
    bounced,
    toUInt32(seconds) AS seconds,
    toUInt32(events) AS events,
    [
        transform(entry_page, {entry_page:Array(String)}, {entry_page_ids:Array(UInt32)}, {entry_page_ids:Array(UInt32)}[1]),
        transform(exit_page, {exit_page:Array(String)}, {exit_page_ids:Array(UInt32)}, {exit_page_ids:Array(UInt32)}[1]),
        transform(hostname, {hostname:Array(String)}, {hostname_ids:Array(UInt32)}, {hostname_ids:Array(UInt32)}[1]),
        transform(source, {source:Array(String)}, {source_ids:Array(UInt32)}, {source_ids:Array(UInt32)}[1]),
        transform(referrer, {referrer:Array(String)}, {referrer_ids:Array(UInt32)}, {referrer_ids:Array(UInt32)}[1]),
        transform(channel, {channel:Array(String)}, {channel_ids:Array(UInt32)}, {channel_ids:Array(UInt32)}[1]),
        transform(utm_source, {utm_source:Array(String)}, {utm_source_ids:Array(UInt32)}, {utm_source_ids:Array(UInt32)}[1]),
        transform(utm_medium, {utm_medium:Array(String)}, {utm_medium_ids:Array(UInt32)}, {utm_medium_ids:Array(UInt32)}[1]),
        transform(utm_campaign, {utm_campaign:Array(String)}, {utm_campaign_ids:Array(UInt32)}, {utm_campaign_ids:Array(UInt32)}[1]),
        transform(utm_content, {utm_content:Array(String)}, {utm_content_ids:Array(UInt32)}, {utm_content_ids:Array(UInt32)}[1]),
        transform(utm_term, {utm_term:Array(String)}, {utm_term_ids:Array(UInt32)}, {utm_term_ids:Array(UInt32)}[1]),
        transform(country, {country:Array(String)}, {country_ids:Array(UInt32)}, {country_ids:Array(UInt32)}[1]),
        transform(browser, {browser:Array(String)}, {browser_ids:Array(UInt32)}, {browser_ids:Array(UInt32)}[1]),
        transform(os, {os:Array(String)}, {os_ids:Array(UInt32)}, {os_ids:Array(UInt32)}[1]),
        transform(device, {device:Array(String)}, {device_ids:Array(UInt32)}, {device_ids:Array(UInt32)}[1]),
        transform(screen, {screen:Array(String)}, {screen_ids:Array(UInt32)}, {screen_ids:Array(UInt32)}[1]),
        toUInt32({hour_first:UInt32} + toHour(toTimeZone(began, {zone:String})))
    ] AS items
FROM <<visit_values>>
