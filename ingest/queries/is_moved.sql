-- Whether a staged day's rows are among the events already. A day is moved whole or not at all, so its
-- first rows tell; a token is its import's own, and those without one are compared by what else they say.
SELECT count() = countIf((visitor, received, page, referrer, browser_version) IN (
    SELECT visitor, received, page, referrer, browser_version
    FROM events
    WHERE site = {site:UInt32} AND day = {day:Date}
))
FROM
(
    SELECT visitor, received, page, referrer, browser_version
    FROM {table:Identifier}
    WHERE day = {day:Date}
    ORDER BY visitor DESC, received
    LIMIT 1000
)
