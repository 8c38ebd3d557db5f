import { redactText, SettingsError, settingsExitCode } from '@exrec/service-kit';
import type { Terminal } from './terminal.js';
import { CannotGoOn, messageOf } from '../words.js';

/**
 * Says what went wrong and gives the exit code for it. Of an error that nobody foresaw it says the stack and nothing
 * else: what else an error carries may be a request with its credentials.
 */
export function explain(error: unknown, terminal: Pick<Terminal, 'say'>): number {
  if (error instanceof SettingsError) {
    terminal.say('These settings are wrong:');
    for (const { name, problem } of error.faults) terminal.say(`  ${name} ${problem}`);
    return settingsExitCode;
  }
  if (error instanceof CannotGoOn) {
    terminal.say(`\n${error.message}`);
    return 1;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  terminal.say(`\nThis should not have happened:\n${redactText(stack ?? messageOf(error))}`);
  return 1;
}
