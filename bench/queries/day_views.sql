-- One row for whatever happens on a page while it is viewed: the pageview, a goal perhaps, and the leaving.
WITH
    (number, what) -> sipHash64({seed:UInt64}, number, what) / 18446744073709551616. AS chance,
    (most, drawn) -> least(most, toUInt32(pow(most + 1, drawn))) AS zipf,
    ['Outbound Link: Click', 'Signup', 'Download', 'Form: Submission', 'Video: Play'] AS goals
SELECT
    *,
    visit * 10 + step AS view,
    -- One view in ten reaches a goal: one row in twenty. Not every browser says how a page was left.
    arrayJoin(arrayConcat(
        ['pageview'],
        if(chance(view, 'goal') < 0.0975, [goals[zipf(length(goals), chance(view, 'which'))]], []),
        if(chance(view, 'leaves') < 0.85, ['engagement'], [])
    )) AS name
FROM
(
    SELECT
        * EXCEPT (stays),
        arrayJoin(arrayZip(range(length(stays)), stays, arrayCumSum(stays))) AS place,
        place.1 AS step,
        place.2 AS stay,
        place.3 - place.2 AS arrived
    FROM <<day_visits>>
)
