-- Functions shared by the scripts: `rootOf` follows the parent links, which never form a circle.
local function rootOf(callStem, id)
  for _ = 1, 1000 do
    local parent = redis.call('HGET', callStem .. id, 'parent')
    if not parent then return id end
    id = parent
  end
  return id
end
