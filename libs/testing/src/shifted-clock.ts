/**
 * Settings for a process of Node.js on a machine whose clock is off. The monotonic clock goes on as it is, as on a real
 * machine that was set wrong.
 * @param byMs how far it is ahead; below 0: behind
 */
export function shiftedClock(byMs: number): { readonly NODE_OPTIONS: string } {
  const program = `
    const RealDate = Date;
    const realNow = Date.now;
    const now = () => realNow() + ${byMs};
    RealDate.now = now;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
      apply: () => new RealDate(now()).toString(),
    });
  `;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` };
}
