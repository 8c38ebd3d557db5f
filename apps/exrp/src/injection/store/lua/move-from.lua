-- Moves a record on that is in one of the expected states and that nobody works on.
-- ARGV: id, expected states joined by ',', state, cause or '', then field, value, …
-- Returns 1, or 0 when it is in another state.
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(',' .. ARGV[2] .. ',', ',' .. state .. ',', 1, true) then return 0 end
move(ARGV[1], ARGV[3], ARGV[4], ARGV, 5)
tellOf(ARGV[1], false)
return 1
