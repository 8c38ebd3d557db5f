import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { collecting, liveMemory, residentBytes } from './memory.js';

/** Throws 400 MB away and waits; says how much of its heap is used when it is asked. */
const program = `
  let bytes = [];
  for (let i = 0; i < 100; i += 1) bytes = Array.from({ length: 500_000 }, (_, n) => n + i / 2);
  require('node:http').createServer((request, response) => {
    response.end(
      'nodejs_heap_size_used_bytes{service="x"} ' + process.memoryUsage().heapUsed + '\\n' +
      'nodejs_external_memory_bytes{service="x"} 3000000\\n');
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); bytes = []; });`;

it('measures what is left when all garbage is collected', async () => {
  const child = spawn(process.execPath, [...collecting, '-e', program]);
  try {
    const [port] = await once(child.stdout, 'data');
    const { pid = 0 } = child;
    const before = await residentBytes(pid);
    const live = await liveMemory(pid, `http://127.0.0.1:${String(port).trim()}`);
    expect(live?.heapBytes).toBeGreaterThan(1e6);
    expect(live?.heapBytes).toBeLessThan(2e7);
    expect(live?.bufferBytes).toBe(3_000_000);
    expect(before).toBeGreaterThan(live?.heapBytes ?? Infinity);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
