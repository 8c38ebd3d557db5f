import fc from 'fast-check';
import { chained, firstHead, headOf, verifyProof, type ProofRow } from './proof-chain.js';

function rowOf(index: number): ProofRow {
  return {
    recordingId: `recording-${String(index).padStart(4, '0')}`,
    audioSha256: 'a'.repeat(64),
    zipSha256: index % 3 === 0 ? null : 'b'.repeat(64),
    keyFingerprint: 'F'.repeat(40),
    uploadKey: `upload-${index}`,
    state: 'confirmed',
    confirmedAt: '2026-03-03T10:20:00.000Z',
  };
}

function exportOf(count: number): string {
  let chain = firstHead;
  const lines = Array.from({ length: count }, (_, index) => {
    const row = rowOf(index);
    chain = chained(chain, row);
    return JSON.stringify({ ...row, chain });
  });
  const day = {
    day: '2026-03-03',
    previousHead: firstHead,
    head: headOf('2026-03-03', chain, count),
    rows: count,
  };
  return [JSON.stringify(day), ...lines, ''].join('\n');
}

const verify = (text: string) => verifyProof(text.split('\n'));

describe('verifyProof', () => {
  it('finds a day whole that nobody has touched, and one without rows', async () => {
    expect(await verify(exportOf(20))).toMatchObject({ kind: 'whole', day: { rows: 20 } });
    expect(await verify(exportOf(0))).toMatchObject({ kind: 'whole' });
  });

  it('finds every changed byte, and names the line or one that comes before it', async () => {
    const whole = exportOf(4);
    const position = fc.integer({ min: 0, max: whole.length - 2 });
    await fc.assert(
      fc.asyncProperty(position, fc.constantFrom('0', 'z', '"', '{'), async (at, byte) => {
        fc.pre(whole[at] !== byte);
        const changed = whole.slice(0, at) + byte + whole.slice(at + 1);
        const verdict = await verify(changed);
        const isSameJson = isEqualJson(whole, changed);
        expect(verdict.kind).toBe(isSameJson ? 'whole' : 'broken');
      }),
    );
  });

  it('names the row that differs', async () => {
    const lines = exportOf(9).split('\n');
    lines[5] = (lines[5] ?? '').replace('confirmed', 'failed');
    expect(await verifyProof(lines)).toEqual({
      kind: 'broken',
      line: 6,
      recordingId: 'recording-0004',
      reason: 'is not the row that was sealed',
    });
  });

  it('misses a row that was taken out, and one at the end', async () => {
    const lines = exportOf(9).split('\n');
    expect(await verifyProof(lines.toSpliced(3, 1))).toMatchObject({ kind: 'broken', line: 4 });
    expect(await verifyProof(lines.toSpliced(9, 1))).toMatchObject({ reason: '8 of 9 rows' });
  });
});

function isEqualJson(left: string, right: string): boolean {
  try {
    const read = (text: string) =>
      JSON.stringify(
        text
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line)),
      );
    return read(left) === read(right);
  } catch {
    return false;
  }
}
