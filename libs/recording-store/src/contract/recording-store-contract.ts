import { buffer } from 'node:stream/consumers';
import type { ListedAudio, RecordingStore } from '../recording-store.js';

/** A storage to run the promises against, empty at first. */
export type StoreUnderTest = {
  /** A store with the right credentials. */
  readonly store: RecordingStore;
  /** A store with wrong ones; left out where the storage asks for none. */
  readonly stranger?: RecordingStore;
  /** Puts a file there, by whatever way. */
  put(name: string, content: Buffer): Promise<void>;
  stop(): Promise<void>;
};

const name = '02ABCDEF_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus';
/** All characters of the rule for `mediaId`. */
const oddName = 'a+b@c=d_e-f.1.opus';

/** The promises of {@link RecordingStore}, run by every adapter against every kind of server. */
export function describeRecordingStore(title: string, start: () => Promise<StoreUnderTest>): void {
  describe(`recording store: ${title}`, () => {
    let under: StoreUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.stop());

    it('is reachable', async () => {
      await expect(under.store.check()).resolves.toBeUndefined();
    });

    it.each([name, oddName])(
      'tells size and time of %s, and gives its bytes',
      async (audioName) => {
        const content = Buffer.from(`content of ${audioName}`);
        await under.put(audioName, content);
        const stat = await under.store.stat(audioName);
        expect(stat.sizeBytes).toBe(content.length);
        expect(Math.abs(Date.now() - (stat.modifiedAtMs ?? 0))).toBeLessThan(600_000);
        const { stream, sizeBytes } = await under.store.open(audioName);
        expect(sizeBytes).toBe(content.length);
        expect(await buffer(stream)).toEqual(content);
      },
    );

    it('gives the bytes of a large file', async () => {
      const content = Buffer.alloc(5_000_000, 'exrec');
      await under.put('large.opus', content);
      const { stream } = await under.store.open('large.opus');
      expect(content.equals(await buffer(stream))).toBe(true);
    });

    it('gives the bytes of an empty file', async () => {
      await under.put('empty.opus', Buffer.alloc(0));
      expect((await under.store.stat('empty.opus')).sizeBytes).toBe(0);
      expect(await buffer((await under.store.open('empty.opus')).stream)).toHaveLength(0);
    });

    it('says audio-missing of a file that is not there', async () => {
      const failure = { code: 'audio-missing', retry: 'later' };
      await expect(under.store.stat('no-such.opus')).rejects.toMatchObject(failure);
      await expect(under.store.open('no-such.opus')).rejects.toMatchObject(failure);
    });

    it('removes a file, and again without complaint', async () => {
      await under.put('gone.opus', Buffer.from('x'));
      await under.store.remove('gone.opus');
      await under.store.remove('gone.opus');
      await expect(under.store.stat('gone.opus')).rejects.toMatchObject({ code: 'audio-missing' });
    });

    it('lists all files with sizes and times', async () => {
      const names = Array.from({ length: 300 }, (_, index) => `listed-${index}.opus`);
      for (const listed of names) await under.put(listed, Buffer.from(listed));
      const seen = new Map<string, ListedAudio>();
      for await (const audio of under.store.list()) seen.set(audio.name, audio);
      for (const listed of names) expect(seen.get(listed)?.sizeBytes).toBe(listed.length);
      expect(seen.get('listed-0.opus')?.modifiedAtMs).toBeGreaterThan(Date.now() - 600_000);
    });

    it('tells a replaced file from the one before', async () => {
      await under.put('replaced.opus', Buffer.from('first'));
      const before = await under.store.stat('replaced.opus');
      await under.put('replaced.opus', Buffer.from('second, longer'));
      expect(await under.store.stat('replaced.opus')).not.toEqual(before);
    });

    it('lets many readers in at once', async () => {
      await under.put('many.opus', Buffer.alloc(100_000, 'm'));
      const reads = Array.from({ length: 20 }, async () =>
        buffer((await under.store.open('many.opus')).stream),
      );
      expect((await Promise.all(reads)).every(({ length }) => length === 100_000)).toBe(true);
    });

    it('says storage-unavailable when the credentials are wrong', async () => {
      if (under.stranger === undefined) return;
      const failure = { code: 'storage-unavailable', retry: 'later' };
      await expect(under.stranger.check()).rejects.toMatchObject(failure);
      await expect(under.stranger.stat(name)).rejects.toMatchObject(failure);
      await expect(under.stranger.open(name)).rejects.toMatchObject(failure);
      await expect(under.stranger.remove(name)).rejects.toMatchObject(failure);
    });
  });
}
