import { createHash } from 'node:crypto';
import type { HeldKey } from '../keys/held-key.js';
import { crcHolds, entryBytes } from './entry-bytes.js';
import { readMetadata, type Metadata } from './metadata.js';
import { OggWalker } from './ogg-walker.js';
import { openCms } from './open-cms.js';
import { openOpenPgp } from './open-openpgp.js';
import { readZipStructure, type ZipEntry } from './zip-structure.js';

export type AudioFound = { readonly sizeBytes: number; readonly sha256: string };

/** What the simulator found in a ZIP. `ok` when nothing is wrong with it. */
export type Verdict = {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly metadata: Metadata | undefined;
  /** The decrypted audio; undefined when it could not be opened. */
  readonly audio: AudioFound | undefined;
};

export type Case = {
  readonly file: string;
  /** The name the ZIP was uploaded under, without its folder. */
  readonly fileName: string;
  readonly findKey: (id: string) => HeldKey | undefined;
  readonly nowMs: number;
};

const METADATA_LIMIT_BYTES = 1 << 20;

/** Opens a ZIP as GC would have to, and says everything that is wrong with it (docs/design/CONTRACTS.md#33-the-zip and docs/design/CONTRACTS.md#4-gc-metadata). */
export async function judge(subject: Case): Promise<Verdict> {
  const { entries, problems: zipProblems } = await readZipStructure(subject.file, subject.nowMs);
  const problems = [...zipProblems];
  const [audioEntry, metadataEntry] = entries;
  if (!audioEntry || !metadataEntry) return verdict(problems, undefined, undefined);
  for (const entry of [audioEntry, metadataEntry]) {
    if (!(await crcHolds(subject.file, entry)))
      problems.push(`zip: ${entry.name}: CRC does not match`);
  }
  if (metadataEntry.name !== 'metadata.json')
    problems.push('zip: the second entry is not metadata.json');
  const reading = await readMetadataEntry(subject.file, metadataEntry);
  problems.push(...reading.problems);
  if (!reading.metadata) return verdict(problems, undefined, undefined);
  problems.push(...nameProblems(subject.fileName, audioEntry.name, reading.metadata));
  const opened = await openAudio(subject, audioEntry, reading.metadata);
  return verdict([...problems, ...opened.problems], reading.metadata, opened.audio);
}

function verdict(
  problems: readonly string[],
  metadata: Metadata | undefined,
  audio: AudioFound | undefined,
): Verdict {
  return { ok: problems.length === 0, problems, metadata, audio };
}

async function readMetadataEntry(
  file: string,
  entry: ZipEntry,
): Promise<ReturnType<typeof readMetadata>> {
  try {
    return readMetadata(await entryBytes(file, entry, METADATA_LIMIT_BYTES));
  } catch (error) {
    return { metadata: undefined, problems: [`metadata: ${words(error)}`] };
  }
}

function nameProblems(fileName: string, audioName: string, metadata: Metadata): string[] {
  const problems: string[] = [];
  if (fileName !== `${metadata.recordingId}.zip`)
    problems.push('zip: its name is not <recordingId>.zip');
  if (audioName !== metadata.audio.fileName)
    problems.push('zip: the first entry is not audio.fileName');
  return problems;
}

type Opened = { readonly problems: readonly string[]; readonly audio: AudioFound | undefined };

async function openAudio(subject: Case, entry: ZipEntry, metadata: Metadata): Promise<Opened> {
  const key = subject.findKey(metadata.encryption.keyId);
  if (!key)
    return { problems: ['encryption: keyId is not a key of this organization'], audio: undefined };
  const problems: string[] = [];
  if (!key.usable) problems.push('encryption: sealed with a key that must not be used');
  if (key.fingerprint !== metadata.encryption.fingerprint)
    problems.push('encryption: fingerprint is not that of the key');
  const hash = createHash('sha256');
  const walker = new OggWalker();
  let sizeBytes = 0;
  const open = metadata.encryption.container === 'cms' ? openCms : openOpenPgp;
  try {
    const found = await open({ file: subject.file, entry, key }, (chunk) => {
      hash.update(chunk);
      walker.push(chunk);
      sizeBytes += chunk.length;
    });
    problems.push(...found);
  } catch (error) {
    return {
      problems: [...problems, `encryption: does not open: ${words(error)}`],
      audio: undefined,
    };
  }
  const audio = { sizeBytes, sha256: hash.digest('hex') };
  return { problems: [...problems, ...audioProblems(audio, walker, metadata)], audio };
}

function audioProblems(
  audio: AudioFound,
  walker: OggWalker,
  { audio: promised }: Metadata,
): string[] {
  const { channels, problems: oggProblems } = walker.finish();
  const problems = [...oggProblems];
  if (audio.sizeBytes !== promised.sizeBytes)
    problems.push('audio: size differs from audio.sizeBytes');
  if (audio.sha256 !== promised.sha256) problems.push('audio: SHA-256 differs from audio.sha256');
  if (channels !== undefined && channels !== promised.channels)
    problems.push('audio: channels differ from audio.channels');
  return problems;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
