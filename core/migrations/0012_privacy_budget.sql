-- What a site's day has spent of its privacy budget, one row for each thing that noise was drawn for. It is
-- written before the draw, and only ever added to.
CREATE TABLE IF NOT EXISTS privacy_budget
(
    site UInt32,
    day Date,
    what LowCardinality(String) COMMENT 'a metric of the day''s total, or a dimension',
    epsilon Float64,
    delta Float64,
    at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (site, day, what)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The numbers that were drawn for a site's day, noise included: all of them in one insert, under one token,
-- before any is published. A closing that was cut off and runs again reads them here, and draws nothing.
CREATE TABLE IF NOT EXISTS report_draws
(
    site UInt32,
    day Date,
    attempt UInt8 COMMENT 'the lowest counts; another is only made if ClickHouse crashed and lost the first',
    dimension LowCardinality(String) COMMENT 'or the metric, for the day''s total',
    value String CODEC(ZSTD),
    number UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day, attempt, dimension, value)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
