import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spool } from './spool.js';

const parent = () => mkdtempSync(join(tmpdir(), 'exrec-spool-'));

describe('Spool', () => {
  it('removes what an earlier run of the same instance left, and nothing of another', async () => {
    const dir = parent();
    const [mine, other] = await Promise.all(
      ['1', '2'].map(async (instance) => {
        const spool = new Spool({ dir, instance, maxBytes: 1e6 });
        await spool.open();
        const { path } = spool.reserve('r', 1);
        writeFileSync(path, 'sealed');
        return path;
      }),
    );
    expect(await new Spool({ dir, instance: '1', maxBytes: 1e6 }).open()).toBe(1);
    expect([existsSync(mine!), existsSync(other!)]).toEqual([false, true]);
    expect(statSync(join(dir, `exrp-${hostname()}-1`)).mode & 0o077).toBe(0);
  });

  it('is bounded, and has room again when a place is released', async () => {
    const spool = new Spool({ dir: parent(), instance: '1', maxBytes: 1_000_000 });
    await spool.open();
    const place = spool.reserve('a', 900_000);
    expect(() => spool.reserve('b', 100_000)).toThrow('spool-full');
    await place.release();
    await place.release();
    expect(spool.reservedBytes).toBe(0);
    expect(spool.reserve('b', 100_000).path).not.toBe(place.path);
  });
});
