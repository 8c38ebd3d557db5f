import { readdir, readFile, readlink } from 'node:fs/promises';

/** Where a connection to a port leads, for people. */
export type Places = ReadonlyMap<number, string>;

/** The open files of a process by what they are; connections by where they lead. Linux only. */
export async function handlesByKind(pid: number, places: Places): Promise<Map<string, number>> {
  const kinds = new Map<string, number>();
  const ports = portsByInode(await readFile(`/proc/${pid}/net/tcp`, 'latin1'));
  const folder = `/proc/${pid}/fd`;
  const targets = (await readdir(folder)).map((fd) =>
    readlink(`${folder}/${fd}`).catch(() => undefined),
  );
  for (const target of await Promise.all(targets)) {
    // Closed since it was listed.
    if (target === undefined) continue;
    const kind = kindOf(target, ports, places);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

type Ports = { readonly local: number; readonly remote: number };

function kindOf(target: string, ports: ReadonlyMap<string, Ports>, places: Places): string {
  const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
  if (inode === undefined) return target.startsWith('/') ? 'files' : 'pipes and polls';
  const ends = ports.get(inode);
  if (ends === undefined) return 'sockets that are not connected';
  const place = places.get(ends.remote);
  if (place !== undefined) return `to ${place}`;
  return ends.remote === 0 ? 'listening' : `from clients`;
}

/** By the table of /proc: `sl local_address rem_address st … inode`, addresses and ports in hex. */
export function portsByInode(table: string): Map<string, Ports> {
  const rows = table.split('\n').slice(1);
  return new Map(
    rows.flatMap((row) => {
      const [, local, remote, , , , , , , inode] = row.trim().split(/\s+/);
      if (local === undefined || remote === undefined || inode === undefined) return [];
      const port = (address: string) => Number.parseInt(address.split(':')[1] ?? '0', 16);
      return [[inode, { local: port(local), remote: port(remote) }] as const];
    }),
  );
}
