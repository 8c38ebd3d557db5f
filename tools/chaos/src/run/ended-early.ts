/** Does the work, or fails as soon as the signal says so: what the work has started is then ended by whoever asked. */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('ended early')), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** Aborted when this program is asked to end. */
export function endSignal(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => asked.abort());
  return asked.signal;
}
