import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { buildInfo } from '../about/build-info.js';

/** The Prometheus metrics of one process. Labels never carry personal data. */
export type Metrics = {
  readonly registry: Registry;
  /** Whose metrics these are: every one has it as the label `service`. */
  readonly service: string;
  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames?: readonly L[],
  ): Counter<L>;
  gauge<L extends string = never>(name: string, help: string, labelNames?: readonly L[]): Gauge<L>;
  /** A gauge that asks for its value whenever it is scraped. */
  gaugeAtScrape(name: string, help: string, read: () => number): void;
  /** @param buckets upper bounds; seconds by convention of Prometheus */
  histogram<L extends string = never>(options: HistogramOptions<L>): Histogram<L>;
};

export type HistogramOptions<L extends string> = {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
  readonly buckets?: readonly number[];
};

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Adds what Node.js tells of its process: memory, CPU time, collections, event loop. Once in a process: it samples. */
export function collectOfProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  new Gauge({
    name: 'exrec_build_info',
    help: described('always 1; what this program was built from', ['version', 'commit']),
    labelNames: ['version', 'commit'],
    registers,
  }).set({ ...buildInfo }, 1);
  return {
    registry,
    service,
    counter: (name, help, labelNames = []) =>
      new Counter({
        name,
        help: described(help, labelNames),
        labelNames: [...labelNames],
        registers,
      }),
    gauge: (name, help, labelNames = []) =>
      new Gauge({
        name,
        help: described(help, labelNames),
        labelNames: [...labelNames],
        registers,
      }),
    gaugeAtScrape: (name, help, read) => {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
    },
    histogram: ({ name, help, labelNames = [], buckets = secondsBuckets }) =>
      new Histogram({
        name,
        help: described(help, labelNames),
        labelNames: [...labelNames],
        buckets: [...buckets],
        registers,
      }),
  };
}

/** A metric that has no value yet tells its labels nowhere else; docs/metrics.md is made of this text. */
function described(help: string, labelNames: readonly string[]): string {
  return labelNames.length === 0 ? help : `${help} [${labelNames.join(', ')}]`;
}
