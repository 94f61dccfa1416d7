SELECT
    (
        SELECT count()
        FROM report_atoms
        WHERE NOT other
            AND (site, first, span, roll) IN (SELECT site, first, span, atoms FROM published_spans FINAL)
    ),
    count()
FROM published_spans FINAL
