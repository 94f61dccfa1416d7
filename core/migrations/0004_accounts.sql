-- People who read reports. Sessions are kept as hashes of their cookie.
CREATE TABLE IF NOT EXISTS accounts
(
    email String,
    password String COMMENT 'argon2id',
    created DateTime64(3, 'UTC'),
    removed Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY email;

CREATE TABLE IF NOT EXISTS logins
(
    session String COMMENT 'SHA-256 of the cookie',
    email String,
    expires DateTime64(3, 'UTC'),
    ended Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY session;
