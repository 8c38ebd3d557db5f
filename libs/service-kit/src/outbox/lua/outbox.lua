-- `tell(stream, kind, id, json)` writes an entry and gives its id, `tellAll(stream, args, from)` those of
-- `outboxArguments` at the end of the arguments. Without a stream (no such key was given) both do nothing.
-- `v` is `ledgerEntryVersion`.
local function tell(stream, kind, id, json)
  return stream and redis.call('XADD', stream, '*', 'v', '1', 'k', kind, 'id', id, 'd', json)
end
local function tellAll(stream, args, from)
  for i = from, #args - 2, 3 do tell(stream, args[i], args[i + 1], args[i + 2]) end
end
