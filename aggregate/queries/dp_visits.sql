-- Each visitor once in every dimension of visits that is published with noise: by their first visit.
SELECT
    item.1 AS dimension,
    item.2 AS value,
    count() AS visitors
FROM
(
    SELECT
        arrayJoin([
            ('source', first.1), ('country', first.2), ('device', first.3), ('browser', first.4)
        ]) AS item
    FROM
    (
        SELECT visitor, argMin((source, country, device, browser), visit) AS first
        FROM <<visit_values>>
        GROUP BY visitor
    )
)
GROUP BY dimension, value
ORDER BY dimension, value
