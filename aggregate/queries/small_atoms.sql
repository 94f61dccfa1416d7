-- Values of published spans with fewer visitor-days than the k of their span, by site, span and dimension.
SELECT atoms.site, atoms.first, atoms.span, atoms.dimension, spans.k, count()
FROM report_atoms AS atoms
INNER JOIN
(
    SELECT site, first, span, atoms AS roll, greatest(threshold, {least:UInt16}) AS k FROM published_spans FINAL
) AS spans
    ON atoms.site = spans.site AND atoms.first = spans.first AND atoms.span = spans.span AND atoms.roll = spans.roll
WHERE NOT atoms.other AND atoms.visitors < spans.k
GROUP BY atoms.site, atoms.first, atoms.span, atoms.dimension, spans.k
ORDER BY atoms.first, atoms.site, atoms.span, atoms.dimension
