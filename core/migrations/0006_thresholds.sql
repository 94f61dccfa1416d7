-- The k by which a published roll's cells were released, for whoever audits them later: an operator may
-- change the setting. 0 stands for a roll of before, whose k nobody wrote down.
ALTER TABLE published ADD COLUMN IF NOT EXISTS threshold UInt16;
