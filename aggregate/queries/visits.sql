-- One row a visit, in the making of a roll only: it is never stored.
-- Bounce: one pageview and no interactive event. Duration: first to last event.
SELECT
    visitor,
    visit,
    min(received) AS began,
    dateDiff('second', min(received), max(received)) AS seconds,
    countIf(name = 'pageview') AS pageviews,
    count() AS events,
    pageviews = 1 AND countIf(name != 'pageview' AND interactive) = 0 AS bounced,
    argMinIf(page, received, name = 'pageview') AS entry_page,
    argMaxIf(page, received, name = 'pageview') AS exit_page,
    argMin(
        (
            hostname, source, referrer, channel,
            utm_source, utm_medium, utm_campaign, utm_content, utm_term,
            country, browser, browser_version, os, os_version, device, screen
        ),
        received
    ) AS first
FROM <<visit_events>>
GROUP BY visitor, visit
