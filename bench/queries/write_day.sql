-- A day of made-up events, the same for the same seed: every random number is a hash of the seed, of whom or
-- what it is about, and of what it decides.
INSERT INTO events
(
    site, day, received, visitor, name, interactive, hostname, page, source, referrer, channel,
    utm_source, utm_medium, utm_campaign, utm_content, utm_term,
    country, browser, browser_version, os, os_version, device, screen, scroll_depth, engaged, props
)
WITH
    (number, what) -> sipHash64({seed:UInt64}, number, what) / 18446744073709551616. AS chance,
    (most, drawn) -> least(most, toUInt32(pow(most + 1, drawn))) AS zipf,
    ['blog', 'docs', 'shop', 'help', 'about'] AS sections,
    -- Of a thousand pages the first is the home page, where a third of the visits begin besides.
    if(step = 0 AND chance(visit, 'home') < 0.33, 1, zipf(1000, chance(view, 'page'))) AS page_rank,
    name = 'engagement' AS leaves,
    name NOT IN ('pageview', 'engagement') AS is_goal
SELECT
    {site:UInt32},
    {day:Date},
    fromUnixTimestamp64Micro(
        {start:Int64} + toInt64(1000000 * (began + arrived + stay * multiIf(leaves, 0.98, is_goal, 0.5, 0.)))
    ),
    visitor,
    name,
    name != 'Video: Play', -- which begins by itself
    if(chance(visit, 'hostname') < 0.1, concat('shop.', {hostname:String}), {hostname:String}),
    if(
        page_rank = 1,
        '/',
        concat('/', sections[1 + page_rank % length(sections)], '/article-', toString(page_rank))
    ),
    source,
    referrer,
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
    screen,
    if(leaves, toUInt8(10 + 90 * sqrt(chance(view, 'depth'))), 0),
    if(leaves, toUInt32(1000 * stay * chance(view, 'in view')), 0),
    multiIf(
        name = 'Outbound Link: Click',
        map('url', concat('https://partner-', toString(zipf(100, chance(view, 'url'))), '.example/')),
        is_goal,
        map(
            'plan', ['free', 'pro', 'team'][zipf(3, chance(view, 'plan'))],
            'position', ['header', 'body', 'footer'][zipf(3, chance(view, 'position'))]
        ),
        map()
    )
FROM <<day_views>>
