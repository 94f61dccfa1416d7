-- SQLite. A commit is a group of hits that came together: their rows, one JSON array a line, and what
-- the ledger counts of them. Times are microseconds since 1970, days are ISO texts.
CREATE TABLE IF NOT EXISTS identity (only INTEGER PRIMARY KEY CHECK (only = 1), name TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS commits
(
    -- Never given twice: a delivered batch's numbers must not be a new commit's while its rows are being deleted.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received INTEGER NOT NULL,
    events INTEGER NOT NULL,
    rows BLOB NOT NULL,
    tallies BLOB NOT NULL
);

-- Sealed: the commits from the first to the last. With a reason: ClickHouse refused it, it is set aside.
-- Delivered: ClickHouse has it and its tallies are counted; what is left of its commits is to be deleted.
CREATE TABLE IF NOT EXISTS batches
(
    token TEXT PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    reason TEXT,
    delivered INTEGER NOT NULL DEFAULT 0
);

-- Counted so far, by the UTC day of counting, and how much of it the ledger was told.
CREATE TABLE IF NOT EXISTS tallies
(
    counted TEXT NOT NULL,
    site INTEGER NOT NULL,
    day TEXT NOT NULL,
    outcome TEXT NOT NULL,
    hits INTEGER NOT NULL,
    stated INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (counted, site, day, outcome)
) WITHOUT ROWID;
