import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@exrec/testing';
import type { BenchContext } from '../bench.js';
import type { InjectionRig } from '../injection/injection-rig.js';
import { cpuMsOf } from '../measure/process-usage.js';
import { metadataOf } from '../load/injections.js';
import { tokenAndKey } from '../servers/genesys-cloud.js';
import { storageCredentials } from '../servers/storage.js';

export type ShellInjection = {
  /** Injects the recordings, so many at once; `cpuMs` is that of the shell and all it ran, per recording. */
  inject(
    audioFiles: readonly string[],
    atOnce: number,
  ): Promise<{ perSecond: number; cpuMs: number }>;
};

/** What an administrator would script with curl, gpg, zip, openssl and xargs, against the same servers. */
export async function prepareShellInjection(
  { dir, root }: BenchContext,
  { gc, storageUrl, serverPids }: InjectionRig,
): Promise<ShellInjection> {
  const { accessToken, armoredKey } = await tokenAndKey(gc);
  const [work, key, metadata] = [
    join(dir, 'shell'),
    join(dir, 'key.asc'),
    join(dir, 'metadata.json'),
  ];
  await mkdir(join(work, 'gnupg'), { recursive: true, mode: 0o700 });
  await writeFile(key, armoredKey);
  await writeFile(metadata, JSON.stringify(metadataOf('any.opus')));
  const variables = {
    WEBDAV: `${storageUrl}/`,
    WEBDAV_USER: `${storageCredentials.username}:${storageCredentials.password}`,
    GC: gc.program.url,
    TOKEN: accessToken,
    KEY: key,
    METADATA: metadata,
    WORK: work,
    GNUPGHOME: join(work, 'gnupg'),
  };
  const script = join(root, 'tools/bench/src/baselines/inject-one.sh');
  return {
    inject: async (audioFiles, atOnce) => {
      const command = `xargs -P ${atOnce} -n 1 sh ${script} && times`;
      const [startedAtMs, serversBefore] = [performance.now(), cpuMsOf(serverPids)];
      const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      const { exitCode, stdout, stderr } = await runCommand(
        'env',
        [...environment, 'bash', '-c', command],
        Buffer.from(audioFiles.join('\n')),
      );
      const seconds = (performance.now() - startedAtMs) / 1000;
      if (exitCode !== 0) throw new Error(`the scripted injection failed: ${stderr}`);
      const cpuMs = timesMs(stdout.toString()) / audioFiles.length;
      const serversCpuMs = (cpuMsOf(serverPids) - serversBefore) / audioFiles.length;
      return { perSecond: audioFiles.length / seconds, cpuMs, serversCpuMs };
    },
  };
}

/** Sums up what the shell's `times` prints: user and system time of the shell and of all its children. */
export function timesMs(printed: string): number {
  const times = [...printed.matchAll(/(?<!\d)(\d+)m([\d.]+)s/g)];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}
