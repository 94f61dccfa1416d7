-- The step that readers see: it is taken in the newest turn or not at all, whenever it arrives.
INSERT INTO published (site, day, closed, slot, roll, raw_rows, at, threshold, took, profile, visitors, visits, pageviews, bounces, seconds, events)
SELECT
    {site:UInt32},
    {day:Date},
    {closed:Bool},
    {slot:UInt8},
    {roll:UInt64},
    {raw_rows:UInt64},
    fromUnixTimestamp64Milli({at:Int64}, 'UTC'),
    {threshold:UInt16},
    {took:UInt32},
    {profile:String},
    {visitors:UInt64},
    {visits:UInt64},
    {pageviews:UInt64},
    {bounces:UInt64},
    {seconds:UInt64},
    {events:UInt64}
WHERE {turn:UInt64} = (SELECT max(turn) FROM turns)
