/** Where and what one entry of the ZIP is; its content is stored as it is, so both sizes are the same. */
export type StoredEntry = {
  /** Plain ASCII without any directory. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Offset of the local header in the file. */
  readonly offset: number;
};

const VERSION_NEEDED = 10;
/** Made on Unix, so that the file mode below is understood. */
const VERSION_MADE_BY = (3 << 8) | 20;
const REGULAR_FILE_MODE = 0o100644;
/** 1980-01-01 00:00, the first moment ZIP knows: equal input gives equal headers. */
const DOS_TIME = 0;
const DOS_DATE = (1 << 5) | 1;

/** ZIP without its 64-bit extension counts in 32 bits. */
export const MAX_ZIP_BYTES = 0xffff_fffe;

/** A local file header with sizes and CRC in it, no data descriptor, no extra field [APPNOTE 4.3.7]. */
export function localHeader(entry: StoredEntry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommonFields(header, 4, entry);
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')]);
}

export function localHeaderBytes(name: string): number {
  return 30 + name.length;
}

/** The central directory and its end record, which starts at `offset` [APPNOTE 4.3.12, 4.3.16]. */
export function centralDirectory(entries: readonly StoredEntry[], offset: number): Buffer {
  const headers = Buffer.concat(entries.map(centralHeader));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(headers.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([headers, end]);
}

function centralHeader(entry: StoredEntry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION_MADE_BY, 4);
  writeCommonFields(header, 6, entry);
  header.writeUInt32LE(REGULAR_FILE_MODE * 0x1_0000, 38);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')]);
}

/** The fields from "version needed" to "extra field length", which both headers have in the same order. */
function writeCommonFields(header: Buffer, at: number, entry: StoredEntry): void {
  header.writeUInt16LE(VERSION_NEEDED, at);
  header.writeUInt16LE(DOS_TIME, at + 6);
  header.writeUInt16LE(DOS_DATE, at + 8);
  header.writeUInt32LE(entry.crc32, at + 10);
  header.writeUInt32LE(entry.sizeBytes, at + 14);
  header.writeUInt32LE(entry.sizeBytes, at + 18);
  header.writeUInt16LE(entry.name.length, at + 22);
}
