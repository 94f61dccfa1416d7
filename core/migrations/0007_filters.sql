-- Reports of closed days under one filter, such as the browsers of visitors from one country. Integers and
-- names only; each number is in two rows, one for either value as the filter.
CREATE TABLE IF NOT EXISTS report_filtered
(
    site UInt32,
    day Date,
    roll UInt64,
    filter LowCardinality(String) COMMENT 'the dimension that is filtered by',
    filter_value String CODEC(ZSTD),
    dimension LowCardinality(String) COMMENT 'what is listed; hour: of the begin of a visit, local',
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
ORDER BY (site, filter, filter_value, dimension, day, value);
