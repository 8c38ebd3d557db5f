import { luaScript, nowLua } from '@exrec/service-kit';
import bucketLua from './lua/bucket.lua';
import takeLua from './lua/take.lua';
import restrictLua from './lua/restrict.lua';

/** Takes one request from the fullest bucket, or keeps a place in the queue. */
export const takeScript = luaScript(nowLua, bucketLua, takeLua);

/** Caps a bucket and pauses it; a pause is only ever lengthened and ends with an empty bucket. */
export const restrictScript = luaScript(nowLua, bucketLua, restrictLua);
