-- The cells under a filter over a range, and the filter's own totals by day (dimension '', the value is the
-- day). Its parts are as those of read_cells, and open days. No row is "Other". The last column says on how many
-- closed days a row is shown, as far as that is known.
SELECT
    dimension,
    false AS other,
    listed,
    0 AS scrolled,
    0 AS depths,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events),
    sum(shown_days)
FROM <<parts>>
GROUP BY dimension, listed
-- Few rows out of many small parts: to read some columns first, as PREWHERE does, takes a quarter longer, and
-- more threads take more than they give.
SETTINGS optimize_move_to_prewhere = 0, max_threads = 1
