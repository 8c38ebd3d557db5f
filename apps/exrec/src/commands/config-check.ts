import { readHybridIntegration, type HybridIntegration } from '@exrec/excp';
import { exitCodes } from '../connection/cli-error.js';
import { write, type CommonFlags, type Context } from '../context.js';
import { readGivenFile } from '../input/given-file.js';

/** Whether EXCP would take a hybrid_integration file, and what it says. Asks nobody. Ends with 1 when it would not. */
export async function configCheck(
  context: Context,
  flags: CommonFlags,
  file = '',
): Promise<number> {
  const reading = readHybridIntegration(await readGivenFile(file, context));
  const { terminal } = context;
  if (!reading.ok) {
    const count = reading.problems.length === 1 ? '1 fault' : `${reading.problems.length} faults`;
    write(context, flags, { file, taken: false, problems: reading.problems }, [
      ...reading.problems.map(
        ({ line, reason }) => ` ${terminal.paint('red', '✗')} line ${line}: ${reason}`,
      ),
      ` ${count}: EXCP would refuse the file as a whole and go on with the last good one`,
      '   → examples/hybrid-integration.yaml has every field with a comment',
    ]);
    return exitCodes.found;
  }
  const { settings } = reading;
  const remarks = remarksOn(settings);
  write(context, flags, { file, taken: true, problems: [], settings, remarks }, [
    ` ${terminal.paint('green', '✓')} EXCP takes the file`,
    ...contents(settings).map(([name, words]) => `   ${name.padEnd(18)} ${words}`),
    ...remarks.map((words) => ` ${terminal.paint('yellow', '!')} ${words}`),
  ]);
  return exitCodes.fine;
}

function contents(settings: HybridIntegration): [string, string][] {
  const { syncScope, ivrDns, queueMap, agentMap } = settings;
  const counted = (map: object) => `${Object.keys(map).length} mapped`;
  return [
    ['default language', settings.staDefaultLanguage ?? 'none'],
    ['language key', settings.staUserdataLanguageKey ?? 'none: the default language always'],
    ['sync scope', syncScope === undefined ? 'everything' : scopeWords(syncScope)],
    ['IVR ports', ivrDns.length === 0 ? 'none' : ivrDns.join(', ')],
    ['queues', counted(queueMap)],
    ['agents', counted(agentMap)],
  ];
}

function scopeWords(scope: NonNullable<HybridIntegration['syncScope']>): string {
  return (['agents', 'dns', 'queues'] as const)
    .filter((name) => scope[name].length > 0)
    .map((name) => `${name} ${scope[name].join(' ')}`)
    .join(', or ');
}

/** What is allowed and may not be meant. */
function remarksOn(settings: HybridIntegration): string[] {
  const remarks: string[] = [];
  if (settings.syncScope === undefined && settings.isWholeInScope !== true)
    remarks.push(
      'there is no sync_scope: everything is in scope. A running EXCP refuses this file when its present one has a scope; to open it write sync_scope: all',
    );
  if (settings.staDefaultLanguage === undefined)
    remarks.push(
      'there is no sta_default_language: trunk recordings, and calls without a supported language, go up without transcription unless STA_DEFAULT_LANGUAGE is set',
    );
  return remarks;
}
