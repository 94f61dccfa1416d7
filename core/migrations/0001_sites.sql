-- A site is a domain in a time zone. The newest version of a row holds.
CREATE TABLE IF NOT EXISTS sites
(
    site UInt32,
    domain String,
    timezone LowCardinality(String),
    created DateTime64(3, 'UTC'),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY site;
