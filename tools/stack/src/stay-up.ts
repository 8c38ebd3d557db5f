import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Stack, StartOptions } from './start/stack.js';

/** Says where to look, reports services that end by themselves, and stays until somebody stops us. */
export async function stayUp(stack: Stack, options: StartOptions): Promise<never> {
  const { belongings, terminal } = options;
  for (const line of whereToLook(stack)) terminal.say(line);
  for (const program of belongings.programs) {
    void program.ended.then(() => {
      if (belongings.isStopping) return;
      const isTakenOver = existsSync(join(stack.settings.runDir, `serve-${program.name}.pid`));
      const what = isTakenOver ? 'nx serve has taken its place' : program.lastWords();
      terminal.say(`\n${program.name}: ${what}`);
    });
  }
  // Redis and services are processes of their own: something has to keep this one alive.
  return new Promise(() => setInterval(() => undefined, 60_000));
}

function whereToLook(stack: Stack): string[] {
  const { simulator, exrpUrl, excpUrls, ledgerUrl, envFile, logDir, settings } = stack;
  const here = (path: string) => relative(process.cwd(), path);
  const ask = (what: string) => `curl -H "Authorization: Bearer $ADMIN_TOKEN" "${what}"`;
  return [
    '',
    ...(ledgerUrl === undefined
      ? []
      : [` Console                ${ledgerUrl}/   with ADMIN_TOKEN`]),
    ` API descriptions       ${excpUrls[0]}/docs  ${exrpUrl}/docs`,
    ...(simulator === undefined
      ? []
      : [` What GC has received   ${simulator.url}/simulator/recordings`]),
    ` Tokens of this run     . ${here(envFile)}   and then, for instance:`,
    `   calls                ${ask('$EXCP/api/v1/interactions?limit=5')}`,
    `   recordings           ${ask('$EXRP/api/v1/injections?limit=5')}`,
    ...(ledgerUrl === undefined
      ? []
      : [`   everything           node ${here(join(settings.appsDir, 'exrec', 'main.js'))} proof`]),
    ` Logs                   ${here(logDir)}/`,
    '',
    ' Everything stays up. Ctrl-C stops it.',
  ];
}
