import { isNativeError } from 'node:util/types';
import { Failure } from '../failure/failure.js';

/** Replies with which Redis says that it cannot write now: full, loading, replica, failing over, no place for this key. */
const unavailableReplies =
  /^(OOM|LOADING|READONLY|MISCONF|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|NOPERM|MOVED|ASK|CROSSSLOT)\b/;

const unavailableMessages =
  /Connection is closed|Command timed out|isn't writeable|max retries per request|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|All sentinels are unreachable|Failed to refresh slots cache|None of startup nodes is available|Socket closed|Cluster isn't ready/i;

/** Redis 6 puts this before what a command inside a script answered; Redis 7 does not. */
const beforeScriptError = /^ERR Error running script.*@user_script: ?\d+: -/;

/** Whether an error means that Redis could not confirm a command, as opposed to a fault of ours. */
export function isRedisUnavailable(error: unknown): boolean {
  // A failure of ours may quote the error code of another connection.
  if (!isNativeError(error) || error instanceof Failure) return false;
  if (error.name === 'ReplyError')
    return unavailableReplies.test(error.message.replace(beforeScriptError, ''));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    unavailableMessages.test(`${code} ${error.message}`)
  );
}
