import { isNativeError } from 'node:util/types';
import { Failure } from '../failure/failure.js';
import { NotReplicated } from './replica-standing.js';

/**
 * Replies that say of a command, or of a script, that it is wrong: faults of ours. Every other word with which Redis
 * refuses (`OOM`, `LOADING`, `READONLY`, `CLUSTERDOWN`, `NOREPLICAS`, `UNBLOCKED`, `NOPERM`, …) says something of its
 * state, or of our rights.
 */
const faultReplies = /^(ERR|WRONGTYPE|NOSCRIPT|BUSYGROUP|NOGROUP|BUSYKEY|NOPROTO|INVALIDOBJ)\b/;

/** Of those with the general word: what says something of the server all the same. */
const unavailableErr =
  /^ERR (The user executing the script|Script attempted to access a non local key|max number of clients|operation not permitted|Redis is shutting down|WAIT cannot be used with replica|.*cluster support disabled)/i;

const unavailableMessages =
  /Connection is closed|Command timed out|Socket timeout|isn't writeable|max retries per request|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|All sentinels are unreachable|Failed to refresh slots cache|None of startup nodes is available|Socket closed|Cluster isn't ready|Cluster is (ended|disconnect)|Too many Cluster redirections|Node is disconnected/i;

/** Redis 6 puts this before what a command inside a script answered; Redis 7 does not. */
const beforeScriptError = /^ERR Error running script.*@user_script: ?\d+: -/;

/** Whether an error means that Redis could not confirm a command, as opposed to a fault of ours. */
export function isRedisUnavailable(error: unknown): boolean {
  // A failure of ours may quote the error code of another connection.
  if (!isNativeError(error) || error instanceof Failure) return false;
  if (error instanceof NotReplicated) return true;
  if (error.name === 'ReplyError') return isOfState(error.message.replace(beforeScriptError, ''));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    unavailableMessages.test(`${code} ${error.message}`)
  );
}

function isOfState(reply: string): boolean {
  return faultReplies.test(reply) ? unavailableErr.test(reply) : /^[A-Z]{3,}\b/.test(reply);
}
