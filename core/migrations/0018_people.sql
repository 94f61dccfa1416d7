-- What each account may, and what else opens reports. What lets somebody in is kept as a hash: invitations, keys,
-- shared links. Each concept has a table of its own, so that a write of one never brings back an old state of
-- another. What was told to a person (a key is revoked, a link is ended) holds after a power cut, too.
CREATE TABLE IF NOT EXISTS roles
(
    email String,
    role LowCardinality(String) COMMENT 'for all sites; empty: by site',
    by_site Map(UInt32, String) COMMENT 'the role on each site',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY email
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Who had an account before there were roles could do everything, and still can. One without a row may nothing.
INSERT INTO roles (email, role, version) SELECT email, 'owner', 0 FROM accounts FINAL WHERE NOT removed;

CREATE TABLE IF NOT EXISTS invites
(
    invite String COMMENT 'SHA-256 of what is in the link',
    email String COMMENT 'who is invited',
    role LowCardinality(String),
    by_site Map(UInt32, String),
    inviter String,
    created DateTime64(3, 'UTC'),
    expires DateTime64(3, 'UTC'),
    ended Bool COMMENT 'accepted, or withdrawn',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY invite
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS api_keys
(
    api_key String COMMENT 'SHA-256 of the key',
    email String COMMENT 'whose it is',
    name String,
    created DateTime64(3, 'UTC'),
    revoked Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY api_key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS shared_links
(
    link String COMMENT 'SHA-256 of what is in its address',
    site UInt32,
    name String,
    password String COMMENT 'argon2id; empty: none is asked',
    origins Array(String) COMMENT 'whose pages may show it in a frame',
    creator String,
    created DateTime64(3, 'UTC'),
    revoked Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY link
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS public_sites
(
    site UInt32,
    is_public Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY site
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS second_factors
(
    email String,
    secret String COMMENT 'of the TOTP, in base32; empty: none',
    step UInt64 COMMENT 'the last step of 30 seconds whose code was used',
    recovery Array(String) COMMENT 'SHA-256 of each recovery code that is left',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY email
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS account_languages
(
    email String,
    language LowCardinality(String) COMMENT 'empty: as the browser asks',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY email
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- On which day a session, a key or a shared link was last used: the day alone, no address, no browser. It is apart
-- from what it is about: a use that is noted late must not bring back a session that was ended meanwhile.
CREATE TABLE IF NOT EXISTS last_uses
(
    used String COMMENT 'the hash of the session, key or link',
    day Date
)
ENGINE = ReplacingMergeTree(day)
ORDER BY used;

ALTER TABLE logins
    ADD COLUMN IF NOT EXISTS created DateTime64(3, 'UTC'),
    ADD COLUMN IF NOT EXISTS half Bool COMMENT 'the password was right, the second factor is still to come';
