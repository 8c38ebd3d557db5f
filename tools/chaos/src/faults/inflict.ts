import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, shiftedClock, waitFor } from '@exrec/testing';
import type { Fault, InstanceName, LinkTrouble, ProcessName } from '../plan/fault.js';
import { patience } from '../patience.js';
import type { Instance } from '../system/instance.js';
import type { System } from '../system/system.js';

type Heal = () => Promise<void> | void;

/** Does what the fault says; what comes back heals it. */
export function inflict(fault: Fault, system: System): Promise<Heal> {
  switch (fault.kind) {
    case 'kill':
    case 'hang':
    case 'restart':
      return troubleProcess(fault.kind, fault.who, system);
    case 'clock':
      return shiftClock(instanceOf(fault.who, system), fault.aheadSeconds);
    case 'disk-full':
      return fillDisk(fault.who, system);
    case 'failover':
      return failOver(system);
    case 'link':
      return troubleLink(fault.trouble, system.links.of(fault.who));
    case 'genesys-cloud':
      return misbehave(fault, system);
  }
}

function instanceOf(who: InstanceName | 'balancer', system: System): Instance {
  const instance = who === 'balancer' ? system.balancer : system.instances.get(who);
  if (instance === undefined) throw new Error(`there is no instance ${who}`);
  return instance;
}

async function troubleProcess(
  how: 'kill' | 'hang' | 'restart',
  who: ProcessName,
  system: System,
): Promise<Heal> {
  if (who === 'redis' || who === 'postgres') {
    const server = who === 'redis' ? await system.redis.master() : system.postgres;
    if (how === 'hang') return hangPid(server.pid());
    await server.kill();
    return () => server.restart();
  }
  const instance = instanceOf(who, system);
  if (how === 'hang') {
    instance.hang();
    return () => instance.wake();
  }
  await (how === 'kill' ? instance.kill() : instance.stop());
  return () => instance.start();
}

function hangPid(pid: number): Heal {
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}

async function shiftClock(instance: Instance, aheadSeconds: number): Promise<Heal> {
  await instance.stop();
  await instance.start(shiftedClock(aheadSeconds * 1_000));
  return async () => {
    await instance.stop();
    await instance.start();
  };
}

async function fillDisk(who: 'exrp-1' | 'exrp-2', system: System): Promise<Heal> {
  const disk = system.disks[who];
  if (await disk.fill()) return () => disk.free();
  // Where no disk can be had: this process may write no file beyond 5 kB.
  const { pid } = instanceOf(who, system);
  const limit = (bytes: string) => runCommand('prlimit', ['--pid', `${pid}`, `--fsize=${bytes}:`]);
  await limit('5000');
  return async () => {
    await limit('unlimited');
  };
}

/** While the one before has not ended, Sentinel and Cluster refuse the next one: an operator asks again. */
async function failOver({ redis }: System): Promise<Heal> {
  let refusal: unknown;
  const asked = () =>
    redis.failover().then(
      () => true,
      (error: unknown) => {
        refusal = error;
        return false;
      },
    );
  await waitFor('Redis to fail over', asked, patience).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${String(refusal)}`, { cause: refusal });
  });
  return () => undefined;
}

type Link = ReturnType<System['links']['of']>;

async function troubleLink(trouble: LinkTrouble, link: Link): Promise<Heal> {
  switch (trouble.how) {
    case 'latency': {
      const { latencyMs } = trouble;
      link.order({ upstream: { latencyMs }, downstream: { latencyMs } });
      break;
    }
    case 'reset':
      link.order({ downstream: { cutAfterBytes: trouble.afterBytes, cutBy: 'reset' } });
      break;
    case 'stall':
      link.pause();
      return () => link.resume();
    case 'refuse':
      await link.refuse();
      return () => link.accept();
    case 'split': {
      const { pieceBytes } = trouble;
      link.order({ upstream: { pieceBytes }, downstream: { pieceBytes } });
      break;
    }
  }
  return () => link.order({});
}

type GcFault = Extract<Fault, { kind: 'genesys-cloud' }>;

async function misbehave({ order }: GcFault, { gc }: System): Promise<Heal> {
  await gc.faults.order(order);
  return () => gc.faults.clear();
}

/** Inflicts it, waits and heals. */
export async function liveThrough(fault: Fault, forMs: number, system: System): Promise<void> {
  const heal = await inflict(fault, system);
  await sleep(forMs);
  await heal();
}
