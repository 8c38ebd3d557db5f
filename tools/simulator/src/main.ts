import { growHeapInLargeSteps } from '@exrec/service-kit';
import { gcOptionsFromEnv } from './config/gc-options-from-env.js';
import { startGcSimulator } from './gc/index.js';

async function run(): Promise<void> {
  growHeapInLargeSteps();
  const gc = await startGcSimulator(gcOptionsFromEnv(process.env));
  // One JSON line, so that whoever started it knows when and where it listens.
  process.stdout.write(
    `${JSON.stringify({ event: 'simulator.listening', gcUrl: gc.url, clientId: gc.clientId })}\n`,
  );
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void gc.stop().then(() => process.exit(0));
    });
  }
}

void run();
