-- The number of the last roll that was begun for a span, and that of the atoms of the published one (0: none).
SELECT max(roll), max(atoms)
FROM
(
    SELECT roll, 0 AS atoms
    FROM report_atoms
    WHERE site = {site:UInt32} AND first = {first:Date} AND span = {span:String}
    UNION ALL
    SELECT roll, 0 AS atoms
    FROM report_cell_sums
    WHERE site = {site:UInt32} AND span = {span:String} AND first = {first:Date}
    UNION ALL
    SELECT roll, atoms
    FROM published_spans
    WHERE site = {site:UInt32} AND first = {first:Date} AND span = {span:String}
)
