import { resolve } from 'node:path';
import { loadBalancerNames } from '@exrec/testing';
import { faultNames, type FaultName } from './fault.js';
import { runLedgerAway } from './ledger-away.js';
import { runFailover, type FailoverOptions } from './redis-failover.js';
import { runRollingRestart } from './rolling-restart.js';
import { isGoodUpgrade, runRollingUpgrade } from './rolling-upgrade.js';

export type FailureArguments = {
  readonly topology?: string | undefined;
  readonly balancer?: string | undefined;
  readonly former?: string | undefined;
  readonly 'ledger-away'?: string | undefined;
  readonly fault: string;
  readonly connections: string;
  readonly 'per-second'?: string | undefined;
  readonly seconds?: string | undefined;
  readonly quiet: string;
  readonly logs?: string | undefined;
};

const topologies: readonly FailoverOptions['topology'][] = [
  'sentinel',
  'sentinel-one-replica',
  'cluster',
];

/**
 * One failure of Redis, PostgreSQL away, or a restart of every instance behind a load balancer. The exit code says whether anything was
 * lost; undefined: it is not known which is meant.
 */
export async function failureCommand(given: FailureArguments): Promise<number | undefined> {
  const perSecond = (usual: number) => Number(given['per-second'] ?? usual);
  const aroundMs = (usual: number) => Number(given.seconds ?? usual) * 1000;
  const logDir = given.logs;
  const balancer = loadBalancerNames.find((name) => name === given.balancer);
  if (balancer !== undefined) {
    const connections = Number(given.connections);
    const rolling = {
      ...{ balancer, perSecond: perSecond(8), aroundMs: aroundMs(5), connections, logDir },
    };
    if (given.former !== undefined) {
      const upgrade = await runRollingUpgrade({ ...rolling, former: resolve(given.former) });
      process.stdout.write(`${JSON.stringify(upgrade)}\n`);
      return isGoodUpgrade(upgrade) ? 0 : 1;
    }
    const result = await runRollingRestart(rolling);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.lost === 0 && Object.keys(result.answers).join() === '200' ? 0 : 1;
  }
  const quietMs = Number(given.quiet) * 1000;
  if (given['ledger-away'] !== undefined) {
    const awayMs = Number(given['ledger-away']) * 1000;
    const result = await runLedgerAway({
      ...{ perSecond: perSecond(5), aroundMs: aroundMs(15), awayMs, quietMs, logDir },
    });
    process.stdout.write(`${JSON.stringify(result)}\n`);
    const isGood =
      result.lost + result.missing === 0 && Object.keys(result.answers).join() === '200';
    return isGood ? 0 : 1;
  }
  const topology = topologies.find((name) => name === given.topology);
  const fault: FaultName | undefined = faultNames.find((name) => name === given.fault);
  if (given.balancer !== undefined || topology === undefined || fault === undefined)
    return undefined;
  const result = await runFailover({
    ...{ topology, fault, perSecond: perSecond(5), aroundMs: aroundMs(15), quietMs, logDir },
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.lost === 0 ? 0 : 1;
}
