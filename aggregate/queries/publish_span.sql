-- The step that readers of a span see: it is taken in the newest turn or not at all, whenever it arrives.
INSERT INTO published_spans (site, first, span, roll, atoms, days, at, threshold)
SELECT
    {site:UInt32},
    {first:Date},
    {span:String},
    {roll:UInt64},
    {atoms:UInt64},
    {days:UInt8},
    fromUnixTimestamp64Milli({at:Int64}, 'UTC'),
    {threshold:UInt16}
WHERE {turn:UInt64} = (SELECT max(turn) FROM turns)
