import { shiftedClock } from './shifted-clock.js';
import { startProcess } from './process-runner.js';

const hourMs = 3_600_000;

it.each([25 * hourMs, -25 * hourMs])('gives a process the time of %d ms later', async (byMs) => {
  const script = `console.log(JSON.stringify([
    Date.now(), new Date().getTime(), Date.parse(new Date().toISOString()), Date.parse(Date()),
    new Date(5).getTime(), new Date() instanceof Date, Date.UTC(1970, 0, 2)]))`;
  const beganAtMs = Date.now();
  const child = await startProcess({ args: ['-e', script], env: shiftedClock(byMs) });
  await child.ended;
  const [now, made, text, called, given, isDate, day] = JSON.parse(child.output()) as number[];
  for (const ms of [now, made, text, called]) {
    expect(ms).toBeGreaterThanOrEqual(beganAtMs + byMs - 1_000);
    expect(ms).toBeLessThanOrEqual(Date.now() + byMs);
  }
  expect([given, isDate, day]).toEqual([5, true, 24 * hourMs]);
});
