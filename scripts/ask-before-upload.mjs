/** `npm start` with an organization of somebody's uploads invented recordings to it: that is asked for first. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseEnv } from 'node:util';
import { CannotGoOn, workspaceRoot } from './progress.mjs';

const organizationNames = ['GC_CLIENT_ID', 'GC_CLIENTS_FILE'];
const what =
  'GC_CLIENT_ID or GC_CLIENTS_FILE is set: the invented sample calls are uploaded to that Genesys Cloud organization and stay there.';

/** @throws CannotGoOn without a yes */
export async function askBeforeUpload(args, environment = process.env) {
  if (!hasOrganization(environment) || args.includes('--yes')) return;
  if (!process.stdin.isTTY)
    throw new CannotGoOn(`${what}\nSay npm start -- --yes if that is wanted.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${what}\nGo on? [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new CannotGoOn('Nothing was started.');
}

/** As the stack sees it: `.env` counts, the environment wins, an empty value is none. */
function hasOrganization(environment) {
  const file = join(workspaceRoot, '.env');
  const isRead = environment.NODE_ENV !== 'production' && existsSync(file);
  const all = { ...(isRead ? parseEnv(readFileSync(file, 'utf8')) : {}), ...environment };
  return organizationNames.some((name) => all[name]?.trim() || all[`${name}_FILE`]?.trim());
}
