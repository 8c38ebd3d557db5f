import { silentLogger } from '@exrec/service-kit';
import { deleteAtOnce } from './delete-at-once.js';

const injection = { recordingId: 'r', audioFile: 'a.opus' };

it.each([
  ['retention', []],
  ['uploaded', ['uploaded', 'confirmed']],
  ['confirmed', ['confirmed']],
] as const)('with EXRP_DELETE_WHEN=%s deletes at %j', async (deleteWhen, expected) => {
  const deletedAt: string[] = [];
  for (const state of ['uploaded', 'confirmed'] as const) {
    const remove = (name: string) => {
      deletedAt.push(state);
      expect(name).toBe('a.opus');
      return Promise.resolve();
    };
    await deleteAtOnce({ recordings: { remove }, deleteWhen, logger: silentLogger })(
      state,
      injection,
    );
  }
  expect(deletedAt).toEqual(expected);
});

it('leaves it to retention when the storage is away', async () => {
  const remove = () => Promise.reject(new Error('away'));
  const remover = deleteAtOnce({
    recordings: { remove },
    deleteWhen: 'uploaded',
    logger: silentLogger,
  });
  await expect(remover('uploaded', injection)).resolves.toBeUndefined();
});
