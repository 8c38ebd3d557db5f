import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuMs, machineBusyMs, processTree, treeCpuMs } from '../measure/process-usage.js';
import { sharesOf, whereItGives } from './capacity-usage.js';

it('tells how many cores each part kept busy', () => {
  const before = { atMs: 0, byPart: new Map([['excp-1', 1_000]]), machineMs: 50_000 };
  const byPart = new Map([
    ['excp-1', 2_000],
    ['exrp-1', 3_000],
  ]);
  expect(sharesOf(before, { atMs: 2_000, byPart, machineMs: 53_800 })).toEqual({
    shares: [
      { name: 'exrp-1', cores: 1.5 },
      { name: 'excp-1', cores: 0.5 },
    ],
    machineShare: 1.9,
  });
});

it('names what cannot do more', () => {
  const shares = [
    { name: 'exrp-1', cores: 0.95 },
    { name: 'Redis', cores: 0.1 },
  ];
  expect(whereItGives({ shares, machineShare: 1.1 }, 4)).toContain('exrp-1 uses a whole core');
  expect(whereItGives({ shares, machineShare: 1.95 }, 2)).toMatch(/all 2 cores.*others? .*0\.90/);
  const idle = [{ name: 'exrp-1', cores: 0.2 }];
  expect(whereItGives({ shares: idle, machineShare: 0.2 }, 2)).toContain('something waits');
});

it('counts what children have used, too', async () => {
  const before = machineBusyMs();
  const busy = 'for (const end = Date.now() + 300; Date.now() < end; );';
  const child = `require('node:child_process').spawn(process.execPath, ['-e', "${busy} console.log(1); setInterval(() => 0, 1000)"], { stdio: 'inherit' })`;
  const parent = spawn(process.execPath, ['-e', `${child}; process.on('SIGTERM', () => 0)`], {
    detached: true,
  });
  try {
    await once(parent.stdout, 'data');
    const { pid = 0 } = parent;
    expect(treeCpuMs(pid, processTree())).toBeGreaterThan(cpuMs(pid));
    expect(machineBusyMs()).toBeGreaterThan(before);
  } finally {
    process.kill(-(parent.pid ?? 0), 'SIGKILL');
    await once(parent, 'exit');
  }
});
