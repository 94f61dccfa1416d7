-- Whose rows are being erased: tokens that a mutation looks up here, so that none stands in its text, which
-- ClickHouse keeps on disk. In memory alone, and only while the erasure runs.
CREATE TABLE IF NOT EXISTS erasing
(
    erasure String COMMENT 'random',
    at DateTime64(3, 'UTC'),
    site UInt32,
    day Date,
    visitor UInt64
)
ENGINE = Memory;

-- What a mutation or a merge has replaced is removed within minutes, on a server as well (its defaults: eight
-- minutes, and up to five more until it looks). A minute is twice as long as Linux keeps what it has to write.
ALTER TABLE events MODIFY SETTING old_parts_lifetime = 60, cleanup_delay_period = 20, max_cleanup_delay_period = 60;
