-- How far down a page its visits got, of closed days: for pages that are seen, and only where the visits that
-- told a depth come from at least k visitors. Readers are given the average and no more.
CREATE TABLE IF NOT EXISTS report_scroll
(
    site UInt32,
    day Date,
    roll UInt64,
    value LowCardinality(String) COMMENT 'a page: few have k visitors a day, so names are few',
    visitors UInt64 COMMENT 'from whom those visits are, for whoever audits that they are k' CODEC(ZSTD),
    visits UInt64 COMMENT 'that told a depth' CODEC(ZSTD),
    depths UInt64 COMMENT 'the greatest of each visit added up, in percent' CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(roll)
PARTITION BY toYYYYMM(day)
ORDER BY (site, day, value);

-- The same, added up over parts of a month and months.
CREATE TABLE IF NOT EXISTS report_scroll_sums
(
    site UInt32,
    first Date,
    span LowCardinality(String) COMMENT 'part or month',
    roll UInt64,
    value LowCardinality(String),
    visitors UInt64 CODEC(ZSTD),
    visits UInt64 CODEC(ZSTD),
    depths UInt64 COMMENT 'percent' CODEC(ZSTD)
)
ENGINE = MergeTree
PARTITION BY toYear(first)
ORDER BY (site, span, first, roll, value);
