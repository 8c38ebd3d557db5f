import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '@exrec/testing';
import { parse } from 'yaml';
import { listOf, objectOf, textOf } from './json-values.js';

const root = workspaceRoot();
const folder = join(root, 'deploy/monitoring');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const document = read('docs/metrics.md');
const alerts = listOf(objectOf(parse(read('deploy/monitoring/alerts.yaml'))).groups)
  .flatMap((group) => listOf(objectOf(group).rules))
  .map((rule) => ({ name: textOf(objectOf(rule).alert), expr: textOf(objectOf(rule).expr) }));

const promtool = (...args: string[]) =>
  spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
/** Names of our metrics in a text; of a histogram without what is added to it. */
const metricsIn = (text: string) => [
  ...new Set(
    [...text.matchAll(/\bexrec_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, '')),
  ),
];
const known = metricsIn(document.slice(document.indexOf('| --- |')));

it('docs/metrics.md is what running services have; `npm run docs` writes it anew', async () => {
  const script = join(root, 'scripts', 'metrics-document.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(stdout).toBe(document);
});

it('every rule is one for Prometheus, fires when it must, and none does when all is well', () => {
  expect(promtool('check', 'rules', 'alerts.yaml')).toMatchObject({ status: 0 });
  expect(promtool('check', 'config', '--syntax-only', 'prometheus.yaml')).toMatchObject({
    status: 0,
  });
  const tested = promtool('test', 'rules', 'alerts.test.yaml');
  expect({ status: tested.status, output: tested.stdout }).toMatchObject({ status: 0 });
  const tests = read('deploy/monitoring/alerts.test.yaml');
  for (const { name } of alerts) {
    expect([name, tests.split(`alertname: ${name}\n`).length]).toEqual([name, 2]);
    expect(tests).toContain(`alertname: ${name} }`);
  }
});

it('there is a rule for every alert of the runbook', () => {
  const runbook = read('docs/runbook.md');
  const table = runbook.slice(runbook.indexOf('## Alerts'), runbook.indexOf('Worth a graph'));
  const inRules = metricsIn(alerts.map(({ expr }) => expr).join(' '));
  const inRunbook = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => metricsIn(line.split(' | ')[0] ?? ''));
  expect(inRunbook.length).toBeGreaterThan(10);
  expect(inRunbook.filter((name) => !inRules.includes(name))).toEqual([]);
});

it('rules and dashboard name metrics that exist', () => {
  const dashboard = JSON.parse(read('deploy/monitoring/grafana-dashboard.json')) as unknown;
  const panels = listOf(objectOf(dashboard).panels).flatMap((panel) =>
    listOf(objectOf(panel).targets).map((target) => textOf(objectOf(target).expr)),
  );
  expect(panels.length).toBeGreaterThan(20);
  const named = metricsIn([...panels, ...alerts.map(({ expr }) => expr)].join(' '));
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
