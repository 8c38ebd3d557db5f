import { lookup } from 'node:dns/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { HostAndPort } from '../settings/parsers.js';
import type { Overseers } from './replica-standing.js';

export type SentinelQuestion = {
  readonly sentinels: readonly HostAndPort[];
  readonly masterName: string;
  /** Credentials and TLS of the Sentinels. */
  readonly options: Omit<RedisOptions, 'replyMapping'>;
};

const answerWithinMs = 1_000;

/** What a Sentinel says of the master. */
type Word = HostAndPort & { readonly isFailingOver: boolean };

/** Most Sentinels have to answer, and all that answer to agree, for a master to be one; all of them for it to stay one. */
export function sentinelOverseers(question: SentinelQuestion): Overseers {
  const ask = async ({ stream: { remoteAddress: host, remotePort: port } }: Redis) => {
    const answers = await Promise.all(
      question.sentinels.map((sentinel) => askOne(sentinel, question).catch(() => undefined)),
    );
    const words = answers.filter((answer) => answer !== undefined);
    const isNamed = words.every((word) => word.port === port && word.host === host);
    return { words, isNamed };
  };
  const all = question.sentinels.length;
  return {
    isStillMaster: async (connection) => {
      const { words, isNamed } = await ask(connection);
      return words.length > all / 2 && isNamed;
    },
    isSteady: async (connection) => {
      const { words, isNamed } = await ask(connection);
      return (
        words.length === all && all > 0 && isNamed && !words.some((word) => word.isFailingOver)
      );
    },
  };
}

async function askOne(
  { host, port }: HostAndPort,
  { masterName, options }: SentinelQuestion,
): Promise<Word | undefined> {
  const client = new Redis({
    ...options,
    host,
    port,
    protocol: 2,
    connectTimeout: answerWithinMs,
    commandTimeout: answerWithinMs,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    const answer = await client.call('SENTINEL', 'MASTER', masterName);
    if (!Array.isArray(answer)) return undefined;
    const words = answer.map(String);
    const valueOf = (name: string) => words[words.indexOf(name) + 1] ?? '';
    const { address } = await lookup(valueOf('ip'));
    const isFailingOver = /failover_in_progress|o_down/.test(valueOf('flags'));
    return { host: address, port: Number(valueOf('port')), isFailingOver };
  } finally {
    client.disconnect();
  }
}

/** A Cluster's node that still reaches most masters would have learnt from them by now that it was replaced. */
export const clusterOverseers: Overseers = {
  isStillMaster: async (connection) => /^cluster_state:ok/m.test(await connection.cluster('INFO')),
};
