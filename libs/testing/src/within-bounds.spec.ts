import { setTimeout as sleep } from 'node:timers/promises';
import { withinBounds } from './within-bounds.js';

/** Keeps the processor for so long; on a busy machine that takes longer. */
function burn(cpuMs: number): void {
  const begun = process.cpuUsage();
  for (let spent = 0; spent < cpuMs * 1000;) {
    const { user, system } = process.cpuUsage(begun);
    spent = user + system;
  }
}

describe('withinBounds', () => {
  it('gives what the work gives, and its failure', async () => {
    await expect(withinBounds(() => sleep(300).then(() => 'done'))).resolves.toBe('done');
    await expect(withinBounds(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('notices a loop that lets nobody else have a turn', async () => {
    await expect(withinBounds(() => burn(600), { blockedMs: 300 })).rejects.toThrow('stood still');
  });

  it('takes work that was slow once for a busy machine', async () => {
    let turns = 0;
    const slowOnce = () => burn(turns++ === 0 ? 600 : 0);
    await expect(withinBounds(slowOnce, { blockedMs: 300 })).resolves.toBeUndefined();
    expect(turns).toBe(2);
  });

  it('notices memory that grows', async () => {
    const kept: Buffer[] = [];
    const grow = async () => {
      for (let turn = 0; turn < 20; turn++) {
        kept.push(Buffer.alloc(10_000_000, turn));
        await sleep(5);
      }
    };
    await expect(withinBounds(grow, { blockedMs: 10_000 })).rejects.toThrow('memory grew');
    expect(kept.length).toBeGreaterThanOrEqual(20);
  });
});
