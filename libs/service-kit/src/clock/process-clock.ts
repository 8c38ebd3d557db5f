/** The clock of this machine, whatever `Date.now` is made to say later. */
export const machineNow = Date.now;

/**
 * Makes `Date.now` of this process tell another time. BullMQ cannot be given a clock: with one that is a day off an
 * instance would take up every delayed job of the fleet at once, or put its own off for a day.
 * @returns what undoes it
 */
export function setProcessClock(now: () => number): () => void {
  Date.now = now;
  return () => {
    if (Date.now === now) Date.now = machineNow;
  };
}
