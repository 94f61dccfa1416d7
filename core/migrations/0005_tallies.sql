-- The ledger, counted so that a line sent twice counts once: each counter (a collector's spool, an
-- import) states how many hits it has counted so far, and the newest statement holds.
CREATE TABLE IF NOT EXISTS tallies
(
    site UInt32,
    day Date,
    outcome LowCardinality(String),
    counter LowCardinality(String) COMMENT 'the random name of a spool, or an import',
    counted Date COMMENT 'the UTC day on which it counted',
    hits Int64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, day, outcome, counter, counted)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- As it was before; here for a run of this file that was cut off after its last statement.
CREATE TABLE IF NOT EXISTS ledger
(
    site UInt32,
    day Date,
    outcome LowCardinality(String),
    hits UInt64
)
ENGINE = SummingMergeTree(hits)
ORDER BY (site, day, outcome);

INSERT INTO tallies
SELECT site, day, outcome, 'before', day, toInt64(sum(hits)), 1
FROM ledger
GROUP BY site, day, outcome;

DROP TABLE IF EXISTS ledger SYNC;

-- Every collector's watermark: all that it received before that instant is in the table events.
CREATE TABLE IF NOT EXISTS collectors
(
    collector String COMMENT 'the random name of its spool',
    place String COMMENT 'host and spool, for people',
    watermark DateTime64(6, 'UTC'),
    stated DateTime64(3, 'UTC'),
    stopped Bool COMMENT 'it has ended and left nothing behind',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY collector;
