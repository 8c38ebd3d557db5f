import { buildInfo, versionLine } from '@exrec/service-kit';
import { Command, CommanderError, Option } from 'commander';
import { backfill } from './commands/backfill.js';
import { bridgeCheck } from './commands/bridge-check.js';
import { bundle } from './commands/bundle.js';
import { check } from './commands/check.js';
import { completionScript, shells } from './commands/completion.js';
import { configCheck } from './commands/config-check.js';
import { configScope } from './commands/config-scope.js';
import { find } from './commands/find.js';
import { open } from './commands/open.js';
import { orphans } from './commands/orphans.js';
import { proof, proofExport, proofVerify } from './commands/proof.js';
import { reconcile } from './commands/reconcile.js';
import { rehearse } from './commands/rehearse.js';
import { requeue } from './commands/requeue.js';
import { show } from './commands/show.js';
import { status } from './commands/status.js';
import { CliError, exitCodes } from './connection/cli-error.js';
import { write, type CommonFlags, type Context } from './context.js';

type Action<Flags> = (
  context: Context,
  flags: Flags,
  ...words: string[]
) => Promise<number> | number;

/** Runs the command line. @returns the exit code (docs/design/CONTRACTS.md#13-exrec-command-line) */
export async function runExrec(args: readonly string[], context: Context): Promise<number> {
  let exitCode: number = exitCodes.fine;
  const program = commands(context, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.fine : exitCodes.wrongUse;
    if (!(error instanceof CliError)) throw error;
    const { terminal } = context;
    terminal.err(`${terminal.paint('red', '✗')} ${error.message}`);
    if (error.hint !== undefined) terminal.err(`  → ${error.hint}`);
    return error.exitCode;
  }
}

function commands(context: Context, setExitCode: (code: number) => void): Command {
  const { terminal } = context;
  const program = new Command('exrec')
    .description('Finds any recording, proves that all arrived, and mends what did not.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('  → `exrec help` lists all commands');
  program.version(versionLine('exrec'), '--version', 'what it was built from');

  const add = adder(program, context, setExitCode);
  addDiagnosis(add);
  addFinding(add);
  addMending(add);
  addBridge(add, program.command('bridge').description('a T-Library bridge'));
  addConfig(add, program.command('config').description('the hybrid_integration file'));
  add('version', 'what this command was built from', (_context, flags) => {
    write(context, flags, { name: 'exrec', ...buildInfo }, [versionLine('exrec')]);
    return exitCodes.fine;
  });
  add(
    'completion <shell>',
    `a completion script: ${shells.join(', ')}`,
    (_context, _flags, shell = '') => {
      terminal.out(completionScript(program, shell).trimEnd());
      return exitCodes.fine;
    },
  );
  return program;
}

type Add = <Flags extends CommonFlags>(
  usage: string,
  about: string,
  action: Action<Flags>,
  parent?: Command,
) => Command;

function adder(program: Command, context: Context, setExitCode: (code: number) => void): Add {
  return (usage, about, action, parent = program) =>
    withCommonFlags(parent.command(usage).description(about)).action(
      async (...given: unknown[]) => {
        // Commander gives the arguments (several at once as a list), the flags, and the command itself.
        const flags = given.at(-2) as Parameters<typeof action>[1];
        const words = given
          .slice(0, -2)
          .flat()
          .filter((word) => word !== undefined) as string[];
        setExitCode(await action(context, flags, ...words));
      },
    );
}

function addDiagnosis(add: Add): void {
  add('check', 'whether everything is right for recordings to arrive', check).option(
    '--strict',
    'end with 1 for any finding',
  );
  add('status', 'whether the services are well, and why not', status);
  add('bundle', 'a support archive without personal data', bundle).option(
    '--out <file>',
    'where to write it',
  );
  add('rehearse', 'tells a test organization one call of each kind', rehearse).option(
    '--wait <seconds>',
    'until a conversation is shown (60)',
  );
  add('open <zip>', 'opens an upload with the secret recording key and verifies it', open)
    .option('--key <file>', 'the secret key: armored OpenPGP, or PEM for CMS')
    .option('--out <file>', 'write the audio, in the clear, to this new file');
}

function addFinding(add: Add): void {
  withFilters(
    add(
      'find [what...]',
      'recordings by any id, file name, agent, DN, queue or number, and a time: 7105 10:15',
      find,
    ),
  )
    .option('--dn <dn>', 'telephone or trunk')
    .option('--call <callUUID>', 'any call of the interaction')
    .option('--language <code>', 'of the transcription')
    .option('--program <name>', 'of speech analytics, by name or id')
    .option('--sta <reason>', 'requested, not-requested or a reason why not')
    .option('--scope <scope>', 'in or out')
    .option('--limit <count>', 'at most so many (50)');
  add('show <id>', 'a call or recording: time line, decisions, attempts', show);
  const proofs = withSpan(add('proof', 'what became of everything, in one sentence', proof));
  add(
    'verify <file>',
    'recomputes a sealed day from its export; - reads from stdin',
    proofVerify,
    proofs,
  );
  add('export <day>', 'a sealed day with all its rows', proofExport, proofs);
}

function addMending(add: Add): void {
  withFilters(add('requeue [ids...]', 'sends failed recordings again', requeue))
    .option('--per-minute <count>', 'so many a minute (60)')
    .option('--why <words>', 'noted with each of them')
    .option('--dry-run', 'say what would be done');
  add('reconcile', 'compares segments, recordings and audio files now', reconcile);
  withSpan(
    add('backfill', 'hands in recordings that never came, from RWS or the storage', backfill),
  )
    .option('--source <source>', 'rws or storage (rws where RWS_URL is set)')
    .option('--per-minute <count>', 'at most so many a minute (60)')
    .option('--dry-run', 'say what would be done');
  add('orphans', 'recordings without their conversation', orphans).option(
    '--attach',
    'give each its conversation (admin)',
  );
}

function addBridge(add: Add, bridge: Command): void {
  add(
    'check <file>',
    'what EXCP would make of call events; - reads what comes in',
    bridgeCheck,
    bridge,
  )
    .option(
      '--config <file>',
      'by the rules of this hybrid_integration file (HYBRID_INTEGRATION_FILE)',
    )
    .option('--all', 'also conversations without a remark, of more than 20');
}

function addConfig(add: Add, config: Command): void {
  add('check <file>', 'whether EXCP would take a hybrid_integration file', configCheck, config);
  add(
    'scope <agent> <dn> <queue>',
    'whether such a recording would be sent; - for no agent, DN or queue',
    configScope,
    config,
  ).option('--file <file>', 'by this file (HYBRID_INTEGRATION_FILE, else what EXCP goes by)');
}

function withSpan(command: Command): Command {
  return command
    .option('--since <time>', 'like 2d, 90m, today, monday, 10:15, or an ISO time')
    .option('--from <time>', 'the same as --since')
    .option('--to <time>', 'not included');
}

function withFilters(command: Command): Command {
  return withSpan(command)
    .option('--state <state>', 'like failed, waiting, confirmed, out-of-scope')
    .option('--cause <cause>', 'as `exrec show` and the runbook name it')
    .option('--agent <agent>', 'login, or telephone')
    .option('--queue <queue>', 'name of the queue')
    .option('--number <digits>', 'a whole number or its last four digits');
}

function withCommonFlags(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'where the ledger is (EXREC_URL)'))
    .addOption(new Option('--token <token>', 'who asks (EXREC_TOKEN)'))
    .addOption(new Option('--json', 'one JSON document'))
    .addOption(new Option('--yes', 'ask nothing'));
}
