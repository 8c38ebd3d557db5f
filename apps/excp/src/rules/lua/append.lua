-- KEYS[1] the history.
-- ARGV    time of the change (epoch ms), the settings as text, most entries.
-- Appends unless these settings are in force already. Times never go back, whatever the clocks of the fleet.
local from = tonumber(ARGV[1])
local last = redis.call('LINDEX', KEYS[1], -1)
if last then
  local time, settings = string.match(last, '^(%d+):(.*)$')
  if settings == ARGV[2] then return 0 end
  from = math.max(from, tonumber(time or '0'))
end
redis.call('RPUSH', KEYS[1], string.format('%.0f', from) .. ':' .. ARGV[2])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
return 1
