-- People who read reports. Sessions are kept as hashes of their cookie. What was told to a person (an
-- account is made, a session is ended) holds after a power cut, too.
CREATE TABLE IF NOT EXISTS accounts
(
    email String,
    password String COMMENT 'argon2id',
    created DateTime64(3, 'UTC'),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY email
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS logins
(
    session String COMMENT 'SHA-256 of the cookie',
    email String,
    expires DateTime64(3, 'UTC'),
    ended Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY session
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
