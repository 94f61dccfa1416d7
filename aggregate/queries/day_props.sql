-- The props of a day's custom events: a row for each event and key.
SELECT
    visitor,
    toUInt16(visit) AS visit,
    name,
    toLowCardinality(toString(key)) AS key,
    toLowCardinality(value) AS value
FROM <<visit_events>>
ARRAY JOIN mapKeys(props) AS key, mapValues(props) AS value
WHERE name != 'pageview' AND key IN <<reported_props>>
