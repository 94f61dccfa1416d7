-- On how many days a row under a filter was shown, so that readers know which rows miss days. Of what was added up
-- before this it is 0: not known, so such rows are "at least".
ALTER TABLE report_filtered_sums
    ADD COLUMN IF NOT EXISTS shown_days UInt16;
