-- Who gets reports by e-mail. Each recipient is a partition of its own, and is dropped with it: of who gets no more
-- reports no address is left.
CREATE TABLE IF NOT EXISTS mail_recipients
(
    recipient UInt64 COMMENT 'a random number',
    site UInt32,
    email String,
    rhythm LowCardinality(String) COMMENT 'week or month',
    language LowCardinality(String),
    token String COMMENT 'opens the links of its mails, which confirm and unsubscribe',
    added DateTime64(3, 'UTC'),
    confirmed Nullable(DateTime64(3, 'UTC')),
    account Bool COMMENT 'whether the address logs in here: then it goes with its account',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY recipient
ORDER BY recipient
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What became of each report, by the number of its recipient: begun, sent, postponed, refused, unclear. Of two rows
-- with one deduplication token the first one is kept, so that one of several processes sends a report.
CREATE TABLE IF NOT EXISTS mail_sendings
(
    recipient UInt64,
    first Date COMMENT 'of the week or month',
    attempt UInt8,
    outcome LowCardinality(String),
    holder String COMMENT 'a random name of the attempt',
    at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (recipient, first, attempt, at)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
