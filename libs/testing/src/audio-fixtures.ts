import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './workspace-root.js';

/** The committed dialogues: real stereo Ogg Opus, agent left, customer right, 5 to 16 s each. */
export const audioFixtureNames = [
  'tech-support-de',
  'tech-support-en',
  'tech-support-es',
  'sales-de',
  'sales-en',
  'sales-fr',
  'billing-en',
  'consult-en',
  'conference-de',
  'direct-es',
  'trunk-en',
  'short-en',
] as const;

export type AudioFixtureName = (typeof audioFixtureNames)[number];

export type AudioFixture = {
  readonly name: AudioFixtureName;
  /** Absolute path of the `.opus` file. */
  readonly path: string;
  /** The file's content, read anew each time. */
  bytes(): Buffer;
  /** Playing time by the last Ogg page. */
  durationMs(): number;
};

/**
 * One of the dialogues below `libs/testing/fixtures/audio`.
 * @throws when the program runs outside the workspace
 */
export function audioFixture(name: AudioFixtureName): AudioFixture {
  const path = join(workspaceRoot(), 'libs/testing/fixtures/audio', `${name}.opus`);
  const bytes = () => readFileSync(path);
  return { name, path, bytes, durationMs: () => oggOpusDurationMs(bytes()) };
}

/**
 * Playing time of a whole Ogg Opus file: the last page's granule position (48 kHz samples, RFC 7845
 * section 4) without the pre-skip.
 */
export function oggOpusDurationMs(file: Buffer): number {
  const lastPage = file.lastIndexOf('OggS');
  const head = file.indexOf('OpusHead');
  if (lastPage < 0 || head < 0) throw new Error('not an Ogg Opus file');
  const samples = Number(file.readBigInt64LE(lastPage + 6)) - file.readUInt16LE(head + 10);
  return Math.round(samples / 48);
}
