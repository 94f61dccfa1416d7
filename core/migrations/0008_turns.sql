-- Whose turn it is to write: processes of several hosts may share a server. One row a deduplication token,
-- and a turn's number is the token: so each number is given out once. Only the newest turn matters.
CREATE TABLE IF NOT EXISTS turns
(
    work LowCardinality(String) COMMENT 'reports',
    turn UInt64,
    holder String COMMENT 'the random name of a data folder',
    until DateTime64(3, 'UTC') COMMENT 'when others need not wait for it any more',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY work
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
