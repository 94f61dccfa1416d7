-- Who read which reports, and who changed sites, people and logins: each line holds the hash of the one before.
-- No address of a machine stands in it. A month is dropped whole; a line with what = 'dropped' then holds, in
-- `detail`, the numbers and hashes of the dropped lines to which those that are left are chained.
CREATE TABLE IF NOT EXISTS accesses
(
    sequence UInt64,
    at DateTime64(3, 'UTC'),
    who String,
    site UInt32,
    what LowCardinality(String),
    detail String,
    previous String,
    hash String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY sequence
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Resets after a breach: what was held when one began, and what was done when. One that was cut off has no `ended`.
CREATE TABLE IF NOT EXISTS resets
(
    reset String COMMENT 'a random name',
    began DateTime64(3, 'UTC'),
    ended Nullable(DateTime64(3, 'UTC')),
    facts String COMMENT 'JSON: see core.resets',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY reset
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
