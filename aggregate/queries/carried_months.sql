-- Months that every site with closed days in them has added up, and that either still have what they carried
-- (true), or have no line in the deletion record.
WITH
    added_up AS
    (
        SELECT DISTINCT first FROM published_spans FINAL WHERE span = 'month'
    ),
    waited_for AS
    (
        SELECT DISTINCT toStartOfMonth(day)
        FROM published FINAL
        WHERE closed
            AND (site, toStartOfMonth(day)) NOT IN (SELECT site, first FROM published_spans FINAL WHERE span = 'month')
    )
SELECT first, first IN (SELECT toStartOfMonth(day) FROM carried) AS is_there
FROM added_up
WHERE first NOT IN waited_for
    AND (is_there OR first NOT IN (SELECT day FROM deletions WHERE what = 'carried numbers'))
ORDER BY first
