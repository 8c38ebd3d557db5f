-- `tellOf(stream, root, args, from)`: tells the ledger what stands at the end of the arguments, and notes with the
-- interaction what it was told of that: first the note ('' for none), then as `tellAll` takes it.
local function tellOf(stream, root, args, from)
  if not stream then return end
  if args[from] ~= '' and redis.call('EXISTS', root) == 1 then redis.call('HSET', root, 'told', args[from]) end
  tellAll(stream, args, from + 1)
end
