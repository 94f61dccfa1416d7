-- What a site's owner does not want counted, and the goals that they look at. The newest version of a row holds.
ALTER TABLE sites
    ADD COLUMN IF NOT EXISTS excluded_pages Array(String),
    ADD COLUMN IF NOT EXISTS excluded_hostnames Array(String);

CREATE TABLE IF NOT EXISTS goals
(
    site UInt32,
    kind Enum8('event' = 1, 'page' = 2),
    name String,
    title String,
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, kind, name);
