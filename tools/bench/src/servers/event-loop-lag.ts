import type { Program } from './program.js';

/**
 * Longest time the event loop of a service was kept from its timers since this was last asked, milliseconds, by its own
 * `/metrics`. The timer's own 10 ms are part of it, and so is time in which the machine ran something else.
 */
export async function longestLagMs({ url }: Pick<Program, 'url'>): Promise<number> {
  const answer = await fetch(`${url}/metrics`);
  const text = await answer.text();
  const value = /^nodejs_eventloop_lag_max_seconds(?:\{.*\})? (\S+)$/m.exec(text)?.[1];
  return Number(value) * 1000;
}
