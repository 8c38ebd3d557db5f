import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runCommand } from '@exrec/testing';
import { build } from 'esbuild';
import * as z from 'zod';
import type { Bench, BenchContext } from '../bench.js';
import { callBytes } from '../load/recordings.js';
import { figureOf, type Figure } from '../measure/figure.js';

const numbers = z.array(z.number());
/** `demanded`: the floor and the two SHA-256 that the contract wants on top. */
const printed = z.object({ floor: numbers, demanded: numbers, seal: numbers });

/** Sealings in a run: enough for some tenths of a second. */
const callsInARun = 40;

export const seal: Bench = {
  name: 'seal',
  subject: 'bytes in memory → OpenPGP → ZIP → file, with all digests',
  baseline: 'AES-256-CFB + SHA-1 + MD5 + CRC-32 over the same bytes',
  async measure(context) {
    const { runs, longBytes, recordings } = context.options;
    const program = await bundleProgram(context);
    const measure = (sizeBytes: number, repeats: number) =>
      runProgram(context, program, [sizeBytes, repeats, runs]);
    const long = await measure(longBytes, 1);
    const call = await measure(callBytes, Math.min(callsInARun, recordings));
    return [
      ...toFigures(`${longBytes / 1e6} MB`, long, 1.6),
      ...toFigures(`${callBytes / 1e6} MB`, call, 2.2),
    ];
  },
};

function toFigures(
  size: string,
  { floor, demanded, seal }: z.infer<typeof printed>,
  atMost: number,
): readonly Figure[] {
  const samples = (values: readonly number[]) => values.map((cpuMs) => ({ cpuMs }));
  const subject = samples(seal);
  const [value, unit, goal] = ['cpuMs', 'ms', { of: 'ratio', atMost } as const] as const;
  const name = `CPU time, ${size}`;
  return [
    figureOf('seal', { subject, baseline: samples(floor) }, { name, value, unit, goal }),
    figureOf(
      'seal',
      { subject, baseline: samples(demanded) },
      { name: `${name}, floor with both SHA-256`, value, unit },
    ),
  ];
}

/** EXRP's sealing as a program of its own: in EXRP itself it cannot be told from the rest. */
async function bundleProgram({ root }: BenchContext): Promise<string> {
  // Inside the workspace, so that it finds node_modules.
  const outfile = join(root, '.run', 'bench', `seal-${process.pid}.mjs`);
  await build({
    entryPoints: [resolve(root, 'apps/exrp/test/seal-speed/program.ts')],
    outfile,
    bundle: true,
    loader: { '.lua': 'text' },
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@exrec/source'],
    plugins: [
      {
        name: 'npm-packages-external',
        setup: (pluginBuild) =>
          pluginBuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@exrec/')
              ? undefined
              : { path, external: true },
          ),
      },
    ],
    logLevel: 'warning',
  });
  return outfile;
}

async function runProgram(
  { dir, root, options }: BenchContext,
  program: string,
  numbers: readonly number[],
): Promise<z.infer<typeof printed>> {
  const spool = join(dir, 'sealed');
  await mkdir(spool, { recursive: true });
  const profile =
    options.profileDir === undefined
      ? []
      : ['--cpu-prof', '--cpu-prof-dir', resolve(root, options.profileDir, 'seal')];
  const args = [...profile, program, ...numbers.map(String), spool];
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, args);
  if (exitCode !== 0) throw new Error(`the sealing failed: ${stderr}`);
  return printed.parse(JSON.parse(stdout.toString()));
}
