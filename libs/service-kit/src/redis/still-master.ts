import { lookup } from 'node:dns/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { HostAndPort } from '../settings/parsers.js';

export type SentinelQuestion = {
  readonly sentinels: readonly HostAndPort[];
  readonly masterName: string;
  /** Credentials and TLS of the Sentinels. */
  readonly options: Omit<RedisOptions, 'replyMapping'>;
};

const answerWithinMs = 1_000;

/** Whether most of the Sentinels can be asked, and all that answer name the server of this connection as master. */
export function namedBySentinels(
  question: SentinelQuestion,
): (connection: Redis) => Promise<boolean> {
  return async ({ stream: { remoteAddress, remotePort } }) => {
    const answers = await Promise.all(
      question.sentinels.map((sentinel) => ask(sentinel, question).catch(() => undefined)),
    );
    const known = answers.filter((answer) => answer !== undefined);
    return (
      known.length > question.sentinels.length / 2 &&
      known.every(({ host, port }) => port === remotePort && host === remoteAddress)
    );
  };
}

async function ask(
  { host, port }: HostAndPort,
  { masterName, options }: SentinelQuestion,
): Promise<HostAndPort | undefined> {
  const client = new Redis({
    ...options,
    host,
    port,
    connectTimeout: answerWithinMs,
    commandTimeout: answerWithinMs,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    const answer = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
    if (!Array.isArray(answer)) return undefined;
    const [name, masterPort] = answer.map(String);
    const { address } = await lookup(name ?? '');
    return { host: address, port: Number(masterPort) };
  } finally {
    client.disconnect();
  }
}

/** Whether a Cluster's node still reaches most masters; from them it would have learnt by now that it was replaced. */
export async function isPartOfCluster(connection: Redis): Promise<boolean> {
  return /^cluster_state:ok/m.test(await connection.cluster('INFO'));
}
