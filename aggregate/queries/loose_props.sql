-- What custom events without a token say in their props; like those events they count for no visitor.
SELECT key, value, count() AS events
FROM events
ARRAY JOIN mapKeys(props) AS key, mapValues(props) AS value
WHERE site = {site:UInt32}
    AND day = {day:Date}
    AND visitor = 0
    AND name NOT IN ('pageview', 'engagement')
    AND key IN <<reported_props>>
GROUP BY key, value
