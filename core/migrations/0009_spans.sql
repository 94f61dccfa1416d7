-- What closed days hide: by value, bare integers that no reader of reports may see. They add up over a part
-- of the month (days 1-7, 8-14, 15-21, 22 to the end), then over the month, and are dropped with it.
CREATE TABLE IF NOT EXISTS carried
(
    site UInt32,
    day Date,
    roll UInt64,
    dimension LowCardinality(String),
    other Bool COMMENT 'all that the day hides of the dimension, people once each; its value is empty',
    value String CODEC(ZSTD),
    visitors UInt64 CODEC(ZSTD),
    visits UInt64 CODEC(ZSTD),
    pageviews UInt64 CODEC(ZSTD),
    bounces UInt64 CODEC(ZSTD),
    seconds UInt64 CODEC(ZSTD),
    events UInt64 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(roll)
PARTITION BY toYYYYMM(day)
ORDER BY (site, dimension, day, other, value);

-- What a span of days shows beside what its days show: values that come to k over the span, and by how much
-- "Other" differs from the sum of the days' (it is less by those values). Never made anew once published.
CREATE TABLE IF NOT EXISTS report_atoms
(
    site UInt32,
    first Date,
    span LowCardinality(String) COMMENT 'part or month',
    roll UInt64,
    dimension LowCardinality(String),
    other Bool,
    value String CODEC(ZSTD),
    visitors Int64,
    visits Int64,
    pageviews Int64,
    bounces Int64,
    seconds Int64,
    events Int64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(first)
ORDER BY (site, first, span, roll, dimension, other, value);

-- All that a span shows, added up from its days and atoms, so that a year is read as twelve months. A filter
-- of no name stands for the report without one.
CREATE TABLE IF NOT EXISTS report_sums
(
    site UInt32,
    first Date,
    span LowCardinality(String) COMMENT 'part or month',
    roll UInt64,
    filter LowCardinality(String),
    filter_value String CODEC(ZSTD),
    dimension LowCardinality(String),
    other Bool,
    value String CODEC(ZSTD),
    visitors UInt64 CODEC(ZSTD),
    visits UInt64 CODEC(ZSTD),
    pageviews UInt64 CODEC(ZSTD),
    bounces UInt64 CODEC(ZSTD),
    seconds UInt64 CODEC(ZSTD),
    events UInt64 CODEC(ZSTD)
)
ENGINE = MergeTree
PARTITION BY toYear(first)
ORDER BY (site, filter, filter_value, dimension, span, first, roll, other, value);

-- The roll of each span that readers see, and of how many closed days it was made: a day that comes later, by
-- an import, makes the sums anew and leaves the atoms as they are.
CREATE TABLE IF NOT EXISTS published_spans
(
    site UInt32,
    first Date,
    span LowCardinality(String) COMMENT 'part or month',
    roll UInt64 COMMENT 'of its sums',
    atoms UInt64 COMMENT 'the roll of its atoms: the first that was published',
    days UInt8,
    at DateTime64(3, 'UTC'),
    threshold UInt16
)
ENGINE = ReplacingMergeTree(roll)
ORDER BY (site, first, span);

-- What a roll cost, so that the next one of an open day is not made too soon.
ALTER TABLE published ADD COLUMN IF NOT EXISTS took UInt32 COMMENT 'milliseconds';

-- A day's totals beside the roll that readers see: a year of them is one small read.
ALTER TABLE published
    ADD COLUMN IF NOT EXISTS visitors UInt64,
    ADD COLUMN IF NOT EXISTS visits UInt64,
    ADD COLUMN IF NOT EXISTS pageviews UInt64,
    ADD COLUMN IF NOT EXISTS bounces UInt64,
    ADD COLUMN IF NOT EXISTS seconds UInt64,
    ADD COLUMN IF NOT EXISTS events UInt64;

-- Of the days of before: a row of the same roll that comes later takes the place of the one that was.
INSERT INTO published
    (site, day, closed, slot, roll, raw_rows, at, threshold, visitors, visits, pageviews, bounces, seconds, events)
SELECT
    known.site, known.day, known.closed, known.slot, known.roll, known.raw_rows, known.at, known.threshold,
    totals.visitors, totals.visits, totals.pageviews, totals.bounces, totals.seconds, totals.events
FROM (SELECT * FROM published FINAL) AS known
INNER JOIN (SELECT * FROM report_totals WHERE hour = 255) AS totals
    ON known.site = totals.site AND known.day = totals.day AND known.roll = totals.roll;
