-- Caps a bucket and pauses it; a pause is only ever lengthened and ends with an empty bucket.
-- KEYS  1 bucket
-- ARGV  1 remaining  2 pause ms  3 capacity  4 tokens per ms  5 longest pause ms  6 bucket life ms
local remaining, pause = tonumber(ARGV[1]), tonumber(ARGV[2])
local capacity, perMs, longestPause, bucketLife = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local tokens, at, paused = readBucket(KEYS[1], now, capacity, perMs, longestPause)
tokens = math.max(0, math.min(tokens, remaining))
local untilMs = now + math.min(pause, longestPause)
if pause > 0 and untilMs > paused then tokens, at, paused = 0, untilMs, untilMs end
writeBucket(KEYS[1], tokens, at, paused, bucketLife)
return 1
