-- Every version of the privacy notice, as collectors published it. One row a deduplication token: collectors
-- that come to the same version at the same moment write it once.
CREATE TABLE IF NOT EXISTS notices
(
    sequence UInt64,
    at DateTime64(3, 'UTC') COMMENT 'when it was published',
    hash String COMMENT 'SHA-256 of the content',
    changes String COMMENT 'against the version before it, as JSON' CODEC(ZSTD),
    content String COMMENT 'as JSON' CODEC(ZSTD)
)
ENGINE = MergeTree
ORDER BY (sequence, at, hash)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
