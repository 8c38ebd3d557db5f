import { writeFile } from 'node:fs/promises';
import { buildInfo } from '@exrec/service-kit';
import JSZip from 'jszip';
import { checkSettings } from '../check/settings.js';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { services, type ServiceName } from '../connection/service.js';
import { isGiven, write, serviceOf, type CommonFlags, type Context } from '../context.js';
import { Progress } from '../output/progress.js';

export type BundleFlags = CommonFlags & { readonly out?: string };

/** What each service can be asked without naming a call, a person or a number. */
const asked: Readonly<Record<ServiceName, readonly string[]>> = {
  ledger: [
    '/version',
    '/health/ready',
    '/metrics',
    '/api/v1/instances',
    '/api/v1/summary?by=state',
    '/api/v1/summary?by=cause',
  ],
  excp: ['/version', '/health/ready', '/metrics'],
  exrp: ['/version', '/health/ready', '/metrics', '/api/v1/injections/counts'],
};

/** A support archive without personal data: versions, readiness, metrics, counts, and which settings are set. */
export async function bundle(context: Context, flags: BundleFlags): Promise<number> {
  const zip = new JSZip();
  const hasLedger = isGiven('ledger', context, flags);
  const names = Object.keys(services) as ServiceName[]; // the keys of that very object
  const progress = new Progress(context.terminal);
  for (const name of names) {
    // Nobody said where it is, and a guess might be another system's.
    if (hasLedger && !isGiven(name, context, flags)) {
      zip.file(`${name}/not-asked.txt`, `${services[name].variable} is not set`);
      continue;
    }
    for (const path of asked[name]) {
      progress.tell(`asking ${name}`);
      zip.file(fileOf(name, path), await answerOf(name, path, context, flags));
    }
  }
  progress.end();
  zip.file(
    'exrec.json',
    JSON.stringify({ ...buildInfo, node: process.version, platform: process.platform }),
  );
  zip.file('settings.json', JSON.stringify(settingNames(context), null, 2));
  const out = flags.out ?? `exrec-bundle-${new Date(context.nowMs).toISOString().slice(0, 10)}.zip`;
  await writeFile(out, await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' }), {
    mode: 0o600,
  });
  const files = Object.keys(zip.files);
  write(context, flags, { file: out, files }, [`${out}: ${files.length} files, no personal data`]);
  return exitCodes.fine;
}

function fileOf(name: ServiceName, path: string): string {
  return `${name}/${path.slice(1).replaceAll(/[^a-z0-9]+/gi, '-')}.txt`;
}

async function answerOf(name: ServiceName, path: string, context: Context, flags: CommonFlags) {
  try {
    const response = await serviceOf(name, context, flags).open(path);
    return `${response.status}\n${await response.text()}`;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}

/** Names only: whether a setting is set, never to what. */
function settingNames({ environment }: Context) {
  const { findings } = checkSettings(environment);
  const set = Object.keys(environment).filter((name) =>
    /^(EXCP|EXRP|EXREC|STORAGE|GC|RWS|STA|WEBDAV|HYBRID|LEDGER|REDIS)_/.test(name),
  );
  return { set: set.sort(), findings: findings.map(({ text }) => text) };
}
