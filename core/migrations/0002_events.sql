-- Raw events: anonymised rows that live until their day is closed and destroyed.
-- No column can hold an address or a user agent. `visitor` is the keyed token of one site and
-- one day (0: no key was to be had). `day` is the site's local day, so that one DROP PARTITION
-- destroys a day. `received` is arrival time; its microseconds keep the order of arrival.
CREATE TABLE IF NOT EXISTS events
(
    site UInt32 CODEC(ZSTD),
    day Date CODEC(ZSTD),
    received DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    visitor UInt64 CODEC(ZSTD),
    name LowCardinality(String),
    interactive Bool,
    hostname LowCardinality(String),
    page String CODEC(ZSTD),
    source LowCardinality(String),
    referrer String CODEC(ZSTD),
    channel LowCardinality(String),
    utm_source LowCardinality(String),
    utm_medium LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_content LowCardinality(String),
    utm_term LowCardinality(String),
    country LowCardinality(String),
    browser LowCardinality(String),
    browser_version LowCardinality(String),
    os LowCardinality(String),
    os_version LowCardinality(String),
    device LowCardinality(String),
    screen LowCardinality(String),
    scroll_depth UInt8,
    engaged UInt32 COMMENT 'milliseconds',
    props Map(LowCardinality(String), String) CODEC(ZSTD)
)
ENGINE = MergeTree
PARTITION BY day
ORDER BY (site, visitor, received)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- received = stored + every reason for a drop, by site and day; site 0 is "no such site".
CREATE TABLE IF NOT EXISTS ledger
(
    site UInt32,
    day Date,
    outcome LowCardinality(String),
    hits UInt64
)
ENGINE = SummingMergeTree(hits)
ORDER BY (site, day, outcome)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What was destroyed and when; every line holds the hash of the one before it.
CREATE TABLE IF NOT EXISTS deletions
(
    sequence UInt64,
    at DateTime64(3, 'UTC'),
    what LowCardinality(String),
    site UInt32,
    day Date,
    previous String,
    hash String
)
ENGINE = MergeTree
ORDER BY sequence
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
