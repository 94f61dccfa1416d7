-- A site's day in three numbers, of which one visitor makes up so much and no more. What has no token is
-- nobody's, could not be bounded, and is left out.
SELECT
    count() AS visitors,
    sum(least(visits, {most_visits:UInt64})) AS visits,
    sum(least(pageviews, {most_pageviews:UInt64})) AS pageviews
FROM
(
    SELECT visitor, count() AS visits, sum(pageviews) AS pageviews
    FROM <<visits>>
    GROUP BY visitor
)
