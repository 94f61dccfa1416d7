-- Days that were closed with raw events, have none now, and are not in the deletion record.
SELECT DISTINCT day
FROM published FINAL
WHERE closed
    AND raw_rows > 0
    AND day NOT IN (SELECT day FROM events)
    AND day NOT IN (SELECT day FROM deletions WHERE what = 'raw events')
ORDER BY day
