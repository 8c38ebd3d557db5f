import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { bundledProgram, workspaceRoot } from '@exrec/testing';

export type Instruction = { readonly name: string; readonly rest: string };

/** The instructions of each stage of a Dockerfile, in order. */
export function readStages(text: string): readonly (readonly Instruction[])[] {
  const stages: Instruction[][] = [];
  for (const line of text.replaceAll(/\\\n/g, ' ').split('\n')) {
    const found = /^([A-Z]+) (.*)$/.exec(line.trim());
    if (found === null) continue;
    const [, name = '', rest = ''] = found;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, rest });
  }
  return stages;
}

/** An image made in a folder instead of a container. */
export type BuiltImage = {
  readonly root: string;
  readonly workDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[] | undefined;
};

/**
 * Does what the last stage of a Dockerfile says, in an empty folder that stands for `/`. What it takes from the build is
 * bundled here instead.
 * @throws for an instruction that this does not know
 */
export async function buildImage(stage: readonly Instruction[]): Promise<BuiltImage> {
  const root = mkdtempSync(join(tmpdir(), 'exrec-image-'));
  // The user of the image must get through to it.
  chmodSync(root, 0o755);
  const inside = (path: string) => join(root, path);
  let workDir = '/';
  let user = '';
  let entrypoint: string[] = [];
  let healthcheck: string[] | undefined;
  const env: Record<string, string> = {};
  for (const { name, rest } of stage) {
    switch (name) {
      case 'FROM':
      case 'EXPOSE':
      case 'STOPSIGNAL':
      case 'VOLUME':
        break;
      case 'ENV': {
        const [key = '', value = ''] = rest.split('=');
        env[key] = value.startsWith('/') ? inside(value) : value;
        break;
      }
      case 'WORKDIR':
        workDir = rest;
        mkdirSync(inside(workDir), { recursive: true });
        break;
      case 'COPY': {
        const [from, source, target] = copyWords(rest);
        const to = inside(resolve(workDir, target));
        mkdirSync(dirname(to), { recursive: true });
        cpSync(await sourceOf(from, source), to, { recursive: true });
        break;
      }
      case 'RUN':
        execFileSync('sh', ['-c', rest.replaceAll(/ (\/var\/)/g, ` ${root}$1`)]);
        break;
      case 'USER':
        user = rest;
        break;
      case 'HEALTHCHECK':
        healthcheck = wordsOf(rest.slice(rest.indexOf('CMD') + 3));
        break;
      case 'ENTRYPOINT':
        entrypoint = wordsOf(rest);
        break;
      default:
        throw new Error(`${name} is not known here`);
    }
  }
  // The files of the image; as in the container that belongs to root and is mounted read-only.
  execFileSync('chmod', ['-R', 'a-w', inside('/opt')]);
  const placed = (words: readonly string[]) =>
    words.map((word) => (word.startsWith('/opt/') ? inside(word) : word));
  return {
    root,
    workDir: inside(workDir),
    env,
    user,
    entrypoint: placed(entrypoint),
    healthcheck: healthcheck && placed(healthcheck),
  };
}

function copyWords(rest: string): [from: string | undefined, source: string, target: string] {
  const words = rest.split(/\s+/);
  const from = words[0]?.startsWith('--from=') === true ? words.shift()?.slice(7) : undefined;
  const [source = '', target = ''] = words;
  return [from, source, target];
}

async function sourceOf(from: string | undefined, source: string) {
  if (from === undefined) return join(workspaceRoot(), source);
  const [, program] = /^\/src\/dist\/((?:apps|tools)\/[a-z]+)$/.exec(source) ?? [];
  if (program === undefined) throw new Error(`${source} is not what is built`);
  return program === 'apps/console' ? consolePages() : dirname(await bundledProgram(program));
}

/** Those that the workspace's build has left, else a new build. */
function consolePages(): string {
  const pages = join(workspaceRoot(), 'dist', 'apps', 'console');
  if (!existsSync(join(pages, 'index.html')))
    execFileSync('npm', ['run', '--silent', 'build'], {
      cwd: join(workspaceRoot(), 'apps', 'console'),
    });
  return pages;
}

function wordsOf(json: string): string[] {
  const words: unknown = JSON.parse(json);
  if (!Array.isArray(words)) throw new Error('must be a JSON array');
  return words.map(String);
}
