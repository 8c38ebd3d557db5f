import type { Command } from 'commander';
import { wrongUse } from '../connection/cli-error.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** A script that completes commands and flags; made from the commands themselves, so that it knows all of them. */
export function completionScript(program: Command, shell: string): string {
  const lines = wordsOf(program, '');
  switch (shell) {
    case 'bash':
      return bash(lines);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(lines)}`;
    case 'fish':
      return fish(lines);
    default:
      throw wrongUse(`${shell} is no shell of ours`, `one of ${shells.join(', ')}`);
  }
}

type Words = { readonly path: string; readonly words: readonly string[]; readonly about: string };

function wordsOf(command: Command, path: string): Words[] {
  const flags = command.options.flatMap(({ long }) => (long === undefined ? [] : [long]));
  const subcommands = command.commands.map((one) => one.name());
  return [
    { path, words: [...subcommands, ...flags], about: command.description() },
    ...command.commands.flatMap((one) => wordsOf(one, `${path} ${one.name()}`.trim())),
  ];
}

function bash(lines: readonly Words[]): string {
  const cases = lines.map(({ path, words }) => `    "${path}") words="${words.join(' ')}" ;;`);
  // Arguments and the values of flags are no part of the path.
  const paths = lines.flatMap(({ path }) => (path === '' ? [] : [`"${path}"`])).join('|');
  return [
    '_exrec() {',
    '  local path="" words="" word at',
    // No slice of COMP_WORDS: zsh does not read one that ends at a variable.
    '  for ((at = 1; at < COMP_CWORD; at++)); do',
    '    word="${COMP_WORDS[at]}"',
    `    case "\${path:+$path }$word" in ${paths}) path="\${path:+$path }$word" ;; esac`,
    '  done',
    '  case "$path" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -F _exrec exrec',
    '',
  ].join('\n');
}

function fish(lines: readonly Words[]): string {
  const rows = lines.flatMap(({ path, words }) => {
    const [first = '', second] = path.split(' ');
    const own = `__fish_seen_subcommand_from ${first}`;
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : second === undefined
          ? own
          : `${own}; and __fish_seen_subcommand_from ${second}`;
    return words.map((word) =>
      word.startsWith('--')
        ? `complete -c exrec -n '${condition}' -l ${word.slice(2)}`
        : `complete -c exrec -f -n '${condition}' -a ${word}`,
    );
  });
  return `${rows.join('\n')}\n`;
}
