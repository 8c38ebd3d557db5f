import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs of one PostgreSQL server. */
export type PostgresPrograms = { readonly initdb: string; readonly postgres: string };

/** Debian keeps the servers of all releases side by side, and none of them on the PATH. */
const debianFolder = '/usr/lib/postgresql';

/** The PostgreSQL server on the PATH, else the newest of Debian's; undefined when there is none. */
export function postgresPrograms(path = process.env.PATH ?? ''): PostgresPrograms | undefined {
  return [...path.split(delimiter).filter((folder) => folder !== ''), ...debianFolders()]
    .map((folder) => ({ initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }))
    .find(({ initdb, postgres }) => existsSync(initdb) && existsSync(postgres));
}

function debianFolders(): string[] {
  if (!existsSync(debianFolder)) return [];
  return readdirSync(debianFolder)
    .sort((left, right) => Number(right) - Number(left))
    .map((release) => join(debianFolder, release, 'bin'));
}

export type Account = { readonly uid: number; readonly gid: number };

/**
 * Whom the server runs as: PostgreSQL refuses to run as root, and needs an account that has a name.
 * Undefined: as whoever starts it.
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
