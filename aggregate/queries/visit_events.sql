-- A visit: one token's events with no gap over 30 minutes, cut at local midnight (a token lives for
-- one local day). Whole seconds are compared. Engagement events, which a page sends while it is being
-- left, neither begin nor prolong a visit. Views without a token belong to no visit.
SELECT
    *,
    sum(begins) OVER (
        PARTITION BY visitor ORDER BY received ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS visit
FROM
(
    SELECT
        *,
        dateDiff(
            'second',
            lagInFrame(received, 1, received) OVER (
                PARTITION BY visitor ORDER BY received ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ),
            received
        ) > 1800 AS begins
    FROM events
    WHERE site = {site:UInt32} AND day = {day:Date} AND visitor != 0 AND name != 'engagement'
)
