import { createServer } from 'node:net';
import { freePort } from '@exrec/testing';
import { CannotGoOn } from '../words.js';

/** A port that one of the programs needs, and the setting by which to give another. */
export type PortWish = {
  readonly program: string;
  readonly setting: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
};

/**
 * The port of each wish, in their order, all of them free at this moment.
 * @throws CannotGoOn naming every taken port, its program and its setting
 */
export async function choosePorts(wishes: readonly PortWish[]): Promise<number[]> {
  const taken: PortWish[] = [];
  for (const wish of wishes) {
    if (wish.port !== 0 && !(await isFree(wish.host, wish.port))) taken.push(wish);
  }
  const doubled = wishes.filter(
    ({ port }, index) => port !== 0 && wishes.findIndex((other) => other.port === port) < index,
  );
  if (taken.length + doubled.length > 0) throw new CannotGoOn(portsInTheWay(taken, doubled));
  const chosen: number[] = [];
  for (const { port } of wishes) chosen.push(port === 0 ? await unusedPort(chosen) : port);
  return chosen;
}

function portsInTheWay(taken: readonly PortWish[], doubled: readonly PortWish[]): string {
  const line = ({ port, program, setting }: PortWish, problem: string) =>
    `  ${port}: ${problem}, ${program} wants it. Tell ${program} to use another one: ${setting}=…`;
  return [
    'Nothing was started, since not every port is free:',
    ...taken.map((wish) => line(wish, 'another program listens there')),
    ...doubled.map((wish) => line(wish, 'given to two of our programs')),
    'Which program it is: ss -ltnp (Linux) or lsof -nP -iTCP -sTCP:LISTEN (macOS).',
    'Any free port will do? Give 0.',
  ].join('\n');
}

async function unusedPort(chosen: readonly number[]): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (!chosen.includes(port)) return port;
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
