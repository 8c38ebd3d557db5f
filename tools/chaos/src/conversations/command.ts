import { parseArgs } from 'node:util';
import { runConversations } from './conversations-run.js';

export const conversationsUsage = `usage: main.js conversations [--per-second 5] [--seconds 120] [--away 0] [--budget 270] [--patience 300] [--logs FOLDER]
Plays recorded calls to two EXCPs, each with the whole feed, with one OAuth client, with Genesys Cloud away for --away
seconds in the middle, and prints a line of JSON.
`;

/** @returns the exit code: 0 when every conversation is complete and nothing came twice, wrong or out of order */
export async function conversationsCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'per-second': { type: 'string', default: '5' },
      seconds: { type: 'string', default: '120' },
      away: { type: 'string', default: '0' },
      budget: { type: 'string', default: '270' },
      patience: { type: 'string', default: '300' },
      logs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(conversationsUsage);
    return 0;
  }
  const away = Number(values.away);
  const result = await runConversations({
    perSecond: Number(values['per-second']),
    seconds: Number(values.seconds) + away,
    awaySeconds: away,
    requestsPerMinute: Number(values.budget),
    patienceSeconds: Number(values.patience),
    logDir: values.logs,
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const isGood =
    result.complete === result.calls && result.refused === 0 && result.outOfOrder === 0;
  return isGood ? 0 : 1;
}
