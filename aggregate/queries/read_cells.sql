-- The cells of dimensions over a range, and how far down pages their visits got. Its parts are of the days that
-- are read one by one, and of the months and parts of the month that are read as they are added up.
SELECT
    dimension,
    other,
    value,
    sum(scrolled),
    sum(depths),
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events),
    0 AS shown_days
FROM <<parts>>
GROUP BY dimension, other, value
-- Few rows out of many small parts: to read some columns first, as PREWHERE does, takes a quarter longer, and
-- more threads take more than they give.
SETTINGS optimize_move_to_prewhere = 0, max_threads = 1
