import { luaScript, outboxLua } from '@exrec/service-kit';
import revisionsLua from '../call-log/lua/revisions.lua';
import tellLua from './lua/tell.lua';

/** Tells the ledger how an interaction stands, provided that it has not changed since it was read. */
export const tellScript = luaScript(revisionsLua, outboxLua, tellLua);
