-- Reports hold integers and names only: no token, no aggregate state, no row about one visit.
-- A roll writes its rows under its own number and is then named in `published`; a reader takes
-- the rows of the published roll, so it sees one whole roll. The rolls of an open day take turns
-- in two slots: a merge may replace the roll before the last, never the one being read.
CREATE TABLE IF NOT EXISTS report_totals
(
    site UInt32,
    day Date,
    closed Bool,
    slot UInt8,
    roll UInt64,
    hour UInt8 COMMENT '0-23, local; 255 is the whole day',
    visitors UInt64,
    visits UInt64,
    pageviews UInt64,
    bounces UInt64,
    seconds UInt64,
    events UInt64
)
ENGINE = ReplacingMergeTree(roll)
PARTITION BY if(closed, toYYYYMM(day), toYYYYMMDD(day))
ORDER BY (site, day, slot, hour);

CREATE TABLE IF NOT EXISTS report_cells
(
    site UInt32,
    day Date,
    closed Bool,
    slot UInt8,
    roll UInt64,
    dimension LowCardinality(String),
    other Bool COMMENT 'the one row for all that is hidden; its value is empty',
    value String CODEC(ZSTD),
    visitors UInt64,
    visits UInt64,
    pageviews UInt64,
    bounces UInt64,
    seconds UInt64,
    events UInt64
)
ENGINE = ReplacingMergeTree(roll)
PARTITION BY if(closed, toYYYYMM(day), toYYYYMMDD(day))
ORDER BY (site, day, slot, dimension, other, value);

CREATE TABLE IF NOT EXISTS published
(
    site UInt32,
    day Date,
    closed Bool,
    slot UInt8,
    roll UInt64,
    raw_rows UInt64 COMMENT 'of how many raw rows it was made: no new ones, no new roll',
    at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(roll)
ORDER BY (site, day);

-- Log files that were imported: the same file twice counts once. `staged`: every row waits in a table of
-- its own, import_*; `stored`: the rows are events and the tallies are in the ledger.
CREATE TABLE IF NOT EXISTS imports
(
    site UInt32,
    file String COMMENT 'SHA-256 of its content, uncompressed',
    state LowCardinality(String),
    at DateTime64(3, 'UTC'),
    tallies Array(Tuple(UInt32, Date, String, UInt64)) COMMENT 'site, day, outcome, hits',
    not_understood Array(UInt64) COMMENT 'the first numbers of lines that were not',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, file)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
