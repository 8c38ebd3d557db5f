import { buildInfo, versionLine } from '@exrec/service-kit';
import { Command, CommanderError, Option } from 'commander';
import { check } from './commands/check.js';
import { completionScript, shells } from './commands/completion.js';
import { status } from './commands/status.js';
import { CliError, exitCodes } from './connection/cli-error.js';
import { print, type CommonFlags, type Context } from './context.js';

type Action<Flags> = (
  context: Context,
  flags: Flags,
  ...words: string[]
) => Promise<number> | number;

/** Runs the command line. @returns the exit code (CONTRACTS 13) */
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

  const add = <Flags extends CommonFlags>(
    usage: string,
    about: string,
    action: Action<Flags>,
  ): Command =>
    withCommonFlags(program.command(usage).description(about)).action(
      async (...given: unknown[]) => {
        // Commander gives the arguments, the flags, and the command itself.
        const flags = given.at(-2) as Flags;
        const words = given.slice(0, -2).filter((word) => word !== undefined) as string[];
        setExitCode(await action(context, flags, ...words));
      },
    );

  add('check', 'whether everything is right for recordings to arrive', check).option(
    '--strict',
    'end with 1 for any finding',
  );
  add('status', 'whether the services are well, and why not', status);
  add('version', 'what this command was built from', (_context, flags) => {
    print(context, flags, { name: 'exrec', ...buildInfo }, [versionLine('exrec')]);
    return exitCodes.fine;
  });
  add(
    'completion <shell>',
    `a completion script: ${shells.join(', ')}`,
    (_context, _flags, shell) => {
      terminal.out(completionScript(program, shell).trimEnd());
      return exitCodes.fine;
    },
  );
  return program;
}

function withCommonFlags(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'where the ledger is (EXREC_URL)'))
    .addOption(new Option('--token <token>', 'who asks (EXREC_TOKEN)'))
    .addOption(new Option('--json', 'one JSON document'))
    .addOption(new Option('--yes', 'ask nothing'));
}
