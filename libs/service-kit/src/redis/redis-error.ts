/** Replies with which Redis says that it cannot write now: full, loading, replica, failing over. */
const unavailableReplies =
  /^(OOM|LOADING|READONLY|MISCONF|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;

const unavailableMessages =
  /Connection is closed|Command timed out|isn't writeable|max retries per request|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|All sentinels are unreachable|Failed to refresh slots cache|None of startup nodes is available|Socket closed|Cluster isn't ready/i;

/** Whether an error means that Redis could not confirm a command, as opposed to a fault of ours. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ReplyError')
    return unavailableReplies.test(error.message.replace(/^ERR Error running script.*?: /, ''));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    unavailableMessages.test(`${code} ${error.message}`)
  );
}
