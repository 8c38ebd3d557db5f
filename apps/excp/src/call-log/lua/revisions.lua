-- Refuses the step when one of the calls has changed since it was read. ARGV from 2: count, then callUUID, rev.
local callStem, count = ARGV[1], tonumber(ARGV[2])
local function unchanged()
  for i = 0, count - 1 do
    local rev = redis.call('HGET', callStem .. ARGV[3 + 2 * i], 'rev') or '0'
    if rev ~= ARGV[4 + 2 * i] then return false end
  end
  return true
end
local nextArg = 3 + 2 * count
