-- How a site's days are published, and the k of its own (0: that of the settings); and by which profile a
-- day was published, for whoever reads or audits it later: an operator may choose another.
ALTER TABLE sites
    ADD COLUMN IF NOT EXISTS profile Enum8('balanced' = 1, 'strict' = 2, 'dp' = 3) DEFAULT 'balanced',
    ADD COLUMN IF NOT EXISTS threshold UInt16;

ALTER TABLE published
    ADD COLUMN IF NOT EXISTS profile Enum8('balanced' = 1, 'strict' = 2, 'dp' = 3) DEFAULT 'balanced';
