-- Moves a claimed record on; refused when another worker has claimed it since. The ledger is told of the end of an
-- attempt, not of its steps.
-- ARGV: id, claim, state, cause or '', then field, value, …
-- Returns 1, or 0 when refused.
if redis.call('HGET', KEYS[1], 'claim') ~= ARGV[2] then return 0 end
move(ARGV[1], ARGV[3], ARGV[4], ARGV, 5)
local isStep = ARGV[3] == 'fetching' or ARGV[3] == 'sealing' or ARGV[3] == 'uploading'
if not isStep then tellOf(ARGV[1], false) end
return 1
