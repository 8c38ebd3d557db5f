import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { audioFixture, audioFixtureNames, oggOpusDurationMs } from './audio-fixtures.js';

type OggPage = { readonly flags: number; readonly crcGood: boolean; readonly body: Buffer };

const endOfStream = 4;

function oggPages(file: Buffer): OggPage[] {
  const pages: OggPage[] = [];
  for (let at = 0; at < file.length;) {
    const segments = file.subarray(at + 27, at + 27 + file.readUInt8(at + 26));
    const headerBytes = 27 + segments.length;
    const bodyBytes = segments.reduce((sum, lacing) => sum + lacing, 0);
    const page = Buffer.from(file.subarray(at, at + headerBytes + bodyBytes));
    expect(page.toString('latin1', 0, 4)).toBe('OggS');
    const crc = page.readUInt32LE(22);
    page.writeUInt32LE(0, 22);
    pages.push({
      flags: page.readUInt8(5),
      crcGood: oggCrc(page) === crc,
      body: page.subarray(headerBytes),
    });
    at += page.length;
  }
  return pages;
}

function oggCrc(page: Buffer): number {
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

describe.each(audioFixtureNames)('the audio fixture %s', (name) => {
  const file = audioFixture(name).bytes();
  const pages = oggPages(file);

  it('is whole: every page has a good CRC and the last one ends the stream', () => {
    expect(pages.every((page) => page.crcGood)).toBe(true);
    expect(pages.map((page) => page.flags & endOfStream).indexOf(endOfStream)).toBe(
      pages.length - 1,
    );
  });

  it('is Opus with two channels', () => {
    const head = pages[0]!.body;
    expect(head.toString('latin1', 0, 8)).toBe('OpusHead');
    expect(head.readUInt8(9)).toBe(2);
  });

  it('plays for 4 to 20 seconds at a low bit rate', () => {
    const durationMs = oggOpusDurationMs(file);
    expect(durationMs).toBeGreaterThan(4_000);
    expect(durationMs).toBeLessThan(20_000);
    expect((file.length * 8) / durationMs).toBeLessThan(36);
  });
});

it('names exactly the files that are there, each with its dialogue', () => {
  const folder = dirname(audioFixture('short-en').path);
  const files = readdirSync(folder).filter((file) => file.endsWith('.opus'));
  expect(files.sort()).toEqual(audioFixtureNames.map((name) => `${name}.opus`).sort());
  const dialogues = readFileSync(`${folder}/dialogues.txt`, 'utf8').matchAll(/^= (\S+)/gm);
  expect([...dialogues].map(([, name]) => name).sort()).toEqual([...audioFixtureNames].sort());
});

it('is found from a program inside the workspace that was started elsewhere', () => {
  const [cwd, main] = [process.cwd(), process.argv[1]!];
  const path = audioFixture('short-en').path;
  try {
    process.chdir(tmpdir());
    process.argv[1] = `${path.split('/libs/')[0]}/dist/tools/stack/main.js`;
    expect(audioFixture('short-en').path).toBe(path);
    process.argv[1] = `${tmpdir()}/main.js`;
    expect(() => audioFixture('short-en')).toThrow('inside the exrec workspace');
  } finally {
    process.chdir(cwd);
    process.argv[1] = main;
  }
});
