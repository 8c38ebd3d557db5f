/** The text of docs/metrics.md: what each service has at `/metrics` once it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotGoOn, workspaceRoot } from './progress.mjs';

/** Nothing of what a service talks to needs to be there: all its metrics are there from the start. */
const nowhere = '127.0.0.1:9';
const forAll = {
  REDIS_URL: `redis://${nowhere}`,
  GC_API_URL: `http://${nowhere}`,
  GC_LOGIN_URL: `http://${nowhere}`,
  GC_CLIENT_ID: 'client',
  GC_CLIENT_SECRET: 'secret',
  EXCP_METADATA_SOURCE: 'both',
  STORAGE_QUOTA_GB: '1',
  EXREC_LEDGER: 'on',
  LEDGER_DATABASE_URL: `postgres://${nowhere}/exrec`,
  LEDGER_NUMBER_KEY: 'a-key-of-no-numbers',
  RWS_URL: `http://${nowhere}`,
  RWS_USERNAME: 'ops',
  RWS_PASSWORD: 'secret',
};
/** A service is complete when its metrics have been the same for this long. */
const settledMs = 2_000;
const longestMs = 120_000;

/** The services that there are: those whose settings name their port. */
function services() {
  const catalogue = readFileSync(
    join(workspaceRoot, 'libs/service-kit/src/settings/catalogue.ts'),
    'utf8',
  );
  return ['excp', 'exrp', 'storage', 'ledger'].filter((name) =>
    catalogue.includes(`${name.toUpperCase()}_PORT:`),
  );
}

/** @returns metrics by name: `{ name, type, help, services }` */
export async function metricsOfServices() {
  const texts = await Promise.all(services().map(metricsOf));
  const metrics = new Map();
  for (const { service, text } of texts) {
    for (const [, name, help] of text.matchAll(/^# HELP (exrec_\w+) (.*)$/gm)) {
      const [, type] = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text) ?? [];
      const known = metrics.get(name);
      if (known === undefined) metrics.set(name, { name, type, help, services: [service] });
      else known.services.push(service);
    }
  }
  return [...metrics.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function metricsOf(service) {
  const main = await built(service);
  const port = await freePort();
  const prefix = service.toUpperCase();
  const folder = mkdtempSync(join(tmpdir(), 'exrec-docs-'));
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ...forAll,
      [`${prefix}_HOST`]: '127.0.0.1',
      [`${prefix}_PORT`]: `${port}`,
    },
  });
  const ended = once(child, 'exit');
  try {
    return { service, text: await settledText(child, `http://127.0.0.1:${port}/metrics`) };
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  }
}

/** A build that is there already, else one of its own. */
async function built(service) {
  if (process.env.EXREC_TEST_BUNDLES)
    return join(process.env.EXREC_TEST_BUNDLES, service, 'main.js');
  const folder = join(workspaceRoot, '.run', 'docs', service);
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(workspaceRoot, 'scripts', 'build-app.mjs')], {
    cwd: join(workspaceRoot, 'apps', service),
    env: { ...process.env, EXREC_BUNDLE_DIR: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new CannotGoOn(`${service} cannot be built`);
  return join(folder, 'main.js');
}

async function settledText(child, url) {
  const deadline = Date.now() + longestMs;
  let names = '';
  let since = Date.now();
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new CannotGoOn(`${url}: the service ended`);
    const text = await fetch(url)
      .then((response) => response.text())
      .catch(() => '');
    const now = [...text.matchAll(/^# HELP (\w+)/gm)].map(([, name]) => name).join();
    if (now !== names) [names, since] = [now, Date.now()];
    if (now !== '' && Date.now() - since > settledMs) return text;
    await sleep(200);
  }
  throw new CannotGoOn(`${url} never settled`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function metricsDocument() {
  const rows = (await metricsOfServices()).map(({ name, type, help, services: who }) => {
    const [, words, labels = ''] = /^(.*?)(?: \[([\w, ]+)\])?$/.exec(help);
    const shown = labels
      .split(', ')
      .filter((label) => label !== '')
      .map((label) => `\`${label}\``)
      .join(', ');
    return `| \`${name}\` | ${type} | ${who.join(', ')} | ${shown} | ${words.replaceAll('|', '\\|')} |`;
  });
  return `# Metrics

<!-- Written by \`npm run docs\` from what the services have at \`/metrics\`. Do not edit. -->

\`GET /metrics\` of every service, for Prometheus, without credentials. Every metric has the label \`service\`; none has a label that names a person, a number, a call or a file. Those that tell of the whole fleet (recordings by state, backlog, reconciliation) have the same value on every instance: take \`max\`, not \`sum\`. Node.js' own (\`process_…\`, \`nodejs_…\`) are there, too.

Alerts and a dashboard made of them: [deploy/monitoring](../deploy/monitoring/README.md). What to do about them: [runbook.md](runbook.md).

| metric | type | of | labels | meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(await metricsDocument());
