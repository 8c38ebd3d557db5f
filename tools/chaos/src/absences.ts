import { setTimeout as sleep } from 'node:timers/promises';

export type Absences = {
  /** Looks no more, and gives the longest time that any of the services was not ready without a break. */
  longestMs(): Promise<number>;
};

const everyMs = 200;
/** One that takes longer to say whether it is ready, is not. */
const patienceMs = 2_000;

/** Asks each service again and again whether it is ready. */
export function watchAbsences(urls: readonly string[]): Absences {
  let isOver = false;
  const watches = urls.map(async (url) => {
    let longest = 0;
    let readyAtMs = Date.now();
    while (!isOver) {
      const askedAtMs = Date.now();
      if (await isReadyInTime(url)) readyAtMs = askedAtMs;
      else longest = Math.max(longest, Date.now() - readyAtMs);
      await sleep(everyMs);
    }
    return longest;
  });
  return {
    longestMs: async () => {
      isOver = true;
      return Math.max(0, ...(await Promise.all(watches)));
    },
  };
}

async function isReadyInTime(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await fetch(`${url}/health/ready`, { signal });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
