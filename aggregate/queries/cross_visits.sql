-- Every pair of items that some visit has: the cells of all two-way tables of visit dimensions.
SELECT
    bitShiftRight(pair, 32) AS one,
    bitAnd(pair, 4294967295) AS other,
    -- Most visitors make one visit: only the others are told apart, which takes three times as long.
    countIf(NOT again) + uniqExactIf(visitor, again) AS visitors,
    count() AS visits,
    sum(pageviews),
    sum(bounced),
    sum(seconds),
    sum(events)
FROM
(
    SELECT
        visitor,
        again,
        pageviews,
        bounced,
        seconds,
        events,
        arrayJoin(arrayFlatten(arrayMap(
            (item, place) -> arrayMap(
                later -> bitOr(bitShiftLeft(toUInt64(item), 32), later), arraySlice(items, place + 1)
            ),
            items,
            arrayEnumerate(items)
        ))) AS pair
    FROM <<visit_items>>
)
GROUP BY pair
