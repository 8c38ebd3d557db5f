import { hasFlag } from '@ioredis/commands';
import { Command, type Redis } from 'ioredis';
import { NotReplicated, type ReplicaStanding } from './replica-standing.js';

/** A script or a transaction may write. */
const mayWriteToo = new Set(['eval', 'evalsha', 'exec']);

/** Writes that one `WAIT` answers for. */
type Batch = {
  readonly stream: Redis['stream'];
  readonly outcome: Promise<void>;
  settle(outcome: Promise<void>): void;
};

export type ReplicatedWrites = {
  /** Asks for confirmation of what was written; to be called when the commands of a turn are about to go out. */
  ask(): void;
};

/**
 * Makes one connection answer a write only when enough replicas have it (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (9)): commands that may write
 * are held back until a `WAIT` that was sent behind them, on the same connection, says so; if it does not, they fail.
 * One `WAIT` answers for all that was written before it, and there is one at a time: while a replica is slow the
 * next takes in more.
 * @param markKey is written with each batch, so that `WAIT` also answers for what another connection wrote and a
 *   script here has only found
 */
export function holdWrites(
  connection: Redis,
  standing: ReplicaStanding,
  markKey: string,
): ReplicatedWrites {
  const send = connection.sendCommand.bind(connection);
  const batches = new WeakMap<Command, Batch>();
  let batching: Batch | undefined;
  let isAsking = false;

  const hold = (command: Command) => {
    batching ??= newBatch(connection.stream);
    // A Cluster sends a redirected command anew, maybe here.
    const isHeld = batches.has(command);
    batches.set(command, batching);
    if (isHeld) return;
    const resolve = command.resolve.bind(command);
    command.resolve = (reply: unknown) => {
      batches.get(command)?.outcome.then(
        // Nothing is given back: it returns the command's promise, rejected when that has timed out meanwhile.
        () => {
          resolve(reply);
        },
        (error: unknown) => command.reject(error as NotReplicated),
      );
    };
  };
  const confirm = async ({ stream }: Batch) => {
    // On another connection, maybe to another server, WAIT would answer for other writes.
    if (connection.status !== 'ready' || connection.stream !== stream)
      throw new NotReplicated('the connection was lost before replicas had the write');
    const mark = new Command('set', [markKey, '1']);
    mark.promise.catch(() => undefined);
    void send(mark);
    const { replicas, withinMs } = standing.question(connection);
    const wait = new Command('wait', [replicas, withinMs]);
    void send(wait);
    await standing.judge(connection, Number(await wait.promise));
  };
  const ask = () => {
    if (isAsking || batching === undefined) return;
    const batch = batching;
    batching = undefined;
    isAsking = true;
    const confirmed = confirm(batch).finally(() => {
      isAsking = false;
      ask();
    });
    batch.settle(confirmed);
  };
  connection.sendCommand = (command, via) => {
    if (connection.status === 'ready' && mayWrite(command.name)) hold(command);
    return send(command, via);
  };
  return { ask };
}

function newBatch(stream: Redis['stream']): Batch {
  let settle: Batch['settle'] = () => undefined;
  const outcome = new Promise<void>((resolve) => (settle = resolve));
  // Every command of the batch may have failed by itself.
  outcome.catch(() => undefined);
  return { stream, outcome, settle: (confirmed) => settle(confirmed) };
}

function mayWrite(name: string): boolean {
  return mayWriteToo.has(name) || hasFlag(name, 'write');
}
