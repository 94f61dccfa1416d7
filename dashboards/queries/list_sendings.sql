-- What became of reports, the newest week or month of each recipient first, and of that the newest attempt.
SELECT recipient, first, attempt, outcome, holder, at
FROM mail_sendings
WHERE recipient IN {recipients:Array(UInt64)}
ORDER BY recipient, first DESC, attempt DESC, outcome = 'begun', at DESC
