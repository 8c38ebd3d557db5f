import { open, type FileHandle } from 'node:fs/promises';

/** An entry as the central directory and its local header describe it. Offsets are from the file's start. */
export type ZipEntry = {
  readonly name: string;
  readonly dataOffset: number;
  readonly sizeBytes: number;
  readonly crc: number;
};

export type ZipStructure = {
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly string[];
};

type Header = {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  /** DOS date in the upper, DOS time in the lower 16 bits. */
  readonly stamp: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly totalBytes: number;
};

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const FLAG_DATA_DESCRIPTOR = 8;
const FLAG_ENCRYPTED = 1;
const DAY_MS = 86_400_000;
const unixSymlink = 0o12;
const unixDirectory = 0o04;

/**
 * Reads a ZIP's skeleton the hard way: every byte must belong to an entry, the directory or its end,
 * and local headers must say all that a streaming reader needs (docs/design/CONTRACTS.md#33-the-zip).
 */
export async function readZipStructure(file: string, nowMs: number): Promise<ZipStructure> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return await readSkeleton(handle, size, nowMs);
  } finally {
    await handle.close();
  }
}

async function readSkeleton(
  handle: FileHandle,
  fileBytes: number,
  nowMs: number,
): Promise<ZipStructure> {
  const end = await bytesAt(handle, fileBytes - END_BYTES, END_BYTES);
  if (fileBytes < END_BYTES || end.readUInt32LE(0) !== END) {
    return {
      entries: [],
      problems: ['zip: no end-of-directory record at the very end of the file'],
    };
  }
  const problems: string[] = [];
  const count = end.readUInt16LE(10);
  const directoryBytes = end.readUInt32LE(12);
  const directoryOffset = end.readUInt32LE(16);
  if (count !== 2) problems.push(`zip: ${count} entries instead of 2`);
  if (directoryOffset + directoryBytes !== fileBytes - END_BYTES)
    problems.push('zip: bytes between directory and end');
  const directory = await bytesAt(handle, directoryOffset, Math.min(directoryBytes, 1 << 20));
  const entries: ZipEntry[] = [];
  const stamps = new Set<number>();
  let expectedOffset = 0;
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL;) {
    const central = centralHeader(directory, at);
    const offset = directory.readUInt32LE(at + 42);
    const local = await localHeader(handle, offset);
    if (!local)
      return { entries, problems: [...problems, `zip: no local header for ${central.name}`] };
    if (offset !== expectedOffset) problems.push(`zip: bytes before entry ${central.name}`);
    problems.push(...headerProblems(local, central), ...kindProblems(directory, at, central.name));
    const dataOffset = offset + local.totalBytes;
    entries.push({
      name: central.name,
      dataOffset,
      sizeBytes: central.packedBytes,
      crc: central.crc,
    });
    stamps.add(local.stamp).add(central.stamp);
    expectedOffset = dataOffset + central.packedBytes;
    at += central.totalBytes;
  }
  if (entries.length !== count)
    problems.push('zip: the directory does not hold as many entries as its end says');
  if (expectedOffset !== directoryOffset)
    problems.push('zip: bytes between the last entry and the directory');
  problems.push(...stampProblems([...stamps], nowMs));
  return { entries, problems };
}

function headerProblems(local: Header, central: Header): string[] {
  const problems: string[] = [];
  const say = (wrong: boolean, problem: string) =>
    wrong && problems.push(`zip: ${central.name}: ${problem}`);
  say(local.name !== central.name, 'another name in its local header');
  say(central.method !== 0 || local.method !== 0, 'not STORED');
  say(((local.flags | central.flags) & FLAG_ENCRYPTED) !== 0, 'ZIP encryption');
  say(((local.flags | central.flags) & FLAG_DATA_DESCRIPTOR) !== 0, 'has a data descriptor');
  say(central.packedBytes !== central.sizeBytes, 'two different sizes');
  say(
    local.crc !== central.crc ||
      local.packedBytes !== central.packedBytes ||
      local.sizeBytes !== central.sizeBytes,
    'size or CRC missing in its local header',
  );
  return problems;
}

function kindProblems(directory: Buffer, at: number, name: string): string[] {
  const unixKind = directory.readUInt16LE(at + 40) >>> 12;
  const problems: string[] = [];
  if (unixKind === unixSymlink) problems.push(`zip: ${name}: is a symbolic link`);
  if (unixKind === unixDirectory || name.endsWith('/'))
    problems.push(`zip: ${name}: is a directory`);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    problems.push(`zip: ${name}: is not a plain file name`);
  return problems;
}

/** Fixed: the same everywhere, and nowhere near the present moment. */
function stampProblems(stamps: readonly number[], nowMs: number): string[] {
  if (stamps.length > 1) return ['zip: entries with different time stamps'];
  const age = Math.abs(nowMs - dosTime(stamps[0] ?? 0));
  return age < 2 * DAY_MS ? ['zip: the time stamp is the present, not a fixed one'] : [];
}

function dosTime(stamp: number): number {
  const [date, time] = [stamp >>> 16, stamp & 0xffff];
  return Date.UTC(
    1980 + (date >>> 9),
    ((date >>> 5) & 15) - 1,
    date & 31,
    time >>> 11,
    (time >>> 5) & 63,
  );
}

function centralHeader(directory: Buffer, at: number): Header {
  const nameBytes = directory.readUInt16LE(at + 28);
  return {
    ...commonFields(directory, at + 8),
    name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
    totalBytes: 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32),
  };
}

async function localHeader(handle: FileHandle, offset: number): Promise<Header | undefined> {
  const fixed = await bytesAt(handle, offset, 30);
  if (fixed.readUInt32LE(0) !== LOCAL) return undefined;
  const nameBytes = fixed.readUInt16LE(26);
  const name = await bytesAt(handle, offset + 30, nameBytes);
  return {
    ...commonFields(fixed, 6),
    name: name.toString('utf8'),
    totalBytes: 30 + nameBytes + fixed.readUInt16LE(28),
  };
}

function commonFields(bytes: Buffer, at: number): Omit<Header, 'name' | 'totalBytes'> {
  return {
    flags: bytes.readUInt16LE(at),
    method: bytes.readUInt16LE(at + 2),
    stamp: bytes.readUInt32LE(at + 4),
    crc: bytes.readUInt32LE(at + 8),
    packedBytes: bytes.readUInt32LE(at + 12),
    sizeBytes: bytes.readUInt32LE(at + 16),
  };
}

/** Bytes of the file; what lies outside of it is zero. */
async function bytesAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  if (offset >= 0) await handle.read(bytes, 0, length, offset);
  return bytes;
}
