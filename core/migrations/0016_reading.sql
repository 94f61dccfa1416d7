-- What spans show, in tables of their own for reading without a filter and under one: either lies beside each
-- other on the disk as a page of the dashboard reads it. They were one, report_sums, and the scroll depths another.
-- Rows of the same key are the same row, which a statement that ran twice wrote twice.
CREATE TABLE IF NOT EXISTS report_cell_sums
(
    site UInt32,
    first Date,
    span LowCardinality(String) COMMENT 'part or month',
    roll UInt64,
    dimension LowCardinality(String),
    other Bool,
    value String CODEC(ZSTD),
    visitors UInt64,
    visits UInt64,
    pageviews UInt64,
    bounces UInt64,
    seconds UInt64,
    events UInt64,
    scrolled UInt64 COMMENT 'of a page: the visits that told how far down it they got',
    depths UInt64 COMMENT 'the greatest of each of those visits added up, in percent'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(first)
ORDER BY (site, span, first, roll, dimension, other, value);

CREATE TABLE IF NOT EXISTS report_filtered_sums
(
    site UInt32,
    first Date,
    span LowCardinality(String) COMMENT 'part or month',
    roll UInt64,
    filter LowCardinality(String),
    filter_value String CODEC(ZSTD),
    dimension LowCardinality(String) COMMENT 'what is listed; empty: the totals of each day, which is the value',
    value String CODEC(ZSTD),
    visitors UInt64 CODEC(ZSTD),
    visits UInt64 CODEC(ZSTD),
    pageviews UInt64 CODEC(ZSTD),
    bounces UInt64 CODEC(ZSTD),
    seconds UInt64 CODEC(ZSTD),
    events UInt64 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(first)
ORDER BY (site, filter, filter_value, span, dimension, first, roll, value);

-- The tables of before, empty where this ran to its end but for saying so.
CREATE TABLE IF NOT EXISTS report_sums
(
    site UInt32,
    first Date,
    span LowCardinality(String),
    roll UInt64,
    filter LowCardinality(String),
    filter_value String,
    dimension LowCardinality(String),
    other Bool,
    value String,
    visitors UInt64,
    visits UInt64,
    pageviews UInt64,
    bounces UInt64,
    seconds UInt64,
    events UInt64
)
ENGINE = MergeTree
ORDER BY site;

CREATE TABLE IF NOT EXISTS report_scroll_sums
(
    site UInt32,
    first Date,
    span LowCardinality(String),
    roll UInt64,
    value LowCardinality(String),
    visitors UInt64,
    visits UInt64,
    depths UInt64
)
ENGINE = MergeTree
ORDER BY site;

INSERT INTO report_cell_sums
SELECT
    sums.site, sums.first, sums.span, sums.roll, sums.dimension, sums.other, sums.value, sums.visitors, sums.visits,
    sums.pageviews, sums.bounces, sums.seconds, sums.events, scroll.visits, scroll.depths
FROM (SELECT * FROM report_sums WHERE filter = '') AS sums
LEFT JOIN (SELECT *, 'page' AS dimension, false AS other FROM report_scroll_sums) AS scroll
    ON sums.site = scroll.site
    AND sums.span = scroll.span
    AND sums.first = scroll.first
    AND sums.roll = scroll.roll
    AND sums.dimension = scroll.dimension
    AND sums.other = scroll.other
    AND sums.value = scroll.value;

INSERT INTO report_filtered_sums
SELECT
    site, first, span, roll, filter, filter_value, dimension, value,
    visitors, visits, pageviews, bounces, seconds, events
FROM report_sums
WHERE filter != '' AND dimension != '';

-- A filter's totals were kept added up, and its days were read one by one: now a year's are among its lists.
INSERT INTO report_filtered_sums
SELECT
    days.site, spans.first, spans.span, spans.roll, days.filter, days.filter_value, '', toString(days.day),
    days.visitors, days.visits, days.pageviews, days.bounces, days.seconds, days.events
FROM
(
    SELECT
        *,
        arrayJoin(['part', 'month']) AS span,
        toStartOfMonth(day)
            + if(span = 'month', 0, toUInt16(7 * least(intDiv(toDayOfMonth(day) - 1, 7), 3))) AS first
    FROM report_filtered
    WHERE dimension = '' AND (site, day, roll) IN (SELECT site, day, roll FROM published FINAL)
) AS days
INNER JOIN (SELECT site, first, span, roll FROM published_spans FINAL) AS spans
    ON days.site = spans.site AND days.first = spans.first AND days.span = spans.span;

OPTIMIZE TABLE report_cell_sums FINAL;

OPTIMIZE TABLE report_filtered_sums FINAL;

DROP TABLE report_sums;

DROP TABLE report_scroll_sums;

-- How many visitors a site has had in the last minutes: one number, of now alone, and never on a disk.
CREATE TABLE IF NOT EXISTS current_visitors
(
    site UInt32,
    visitors UInt32,
    at DateTime64(3, 'UTC')
)
ENGINE = Memory;
