import type { Cluster, Redis } from 'ioredis';

/**
 * ioredis 6.0.0 that is told to disconnect between two attempts to connect stops trying and never says `end`.
 * BullMQ waits for that word, for ever, before it closes an idle worker. This makes a client, and the duplicates that
 * BullMQ blocks on, say it. A duplicate that has never reached Redis is out of BullMQ's own reach: it goes with the
 * client that it was made of.
 */
export function sayEnd(client: Redis): Redis {
  const duplicate = client.duplicate.bind(client);
  const goesWithIt = endsTogether(client);
  client.duplicate = (override) => goesWithIt(duplicate(override));
  return client;
}

/** The same for a Cluster. */
export function sayEndOfCluster(client: Cluster): Cluster {
  const duplicate = client.duplicate.bind(client);
  const goesWithIt = endsTogether(client);
  client.duplicate = (nodes, override) => goesWithIt(duplicate(nodes, override));
  return client;
}

type Disconnectable = { status: string; disconnect(reconnect?: boolean): void };

function endsTogether(client: Disconnectable): <Copy extends Disconnectable>(copy: Copy) => Copy {
  const copies = new Set<Disconnectable>();
  sayEndOnce(client);
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    if (!reconnect) for (const copy of copies) copy.disconnect();
    disconnect(reconnect);
  };
  return (copy) => {
    sayEndOnce(copy);
    copies.add(copy);
    return copy;
  };
}

function sayEndOnce(client: Disconnectable): void {
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    // It has said so; BullMQ sets the word, too.
    if (client.status === 'end' && !reconnect) return;
    // As before the first attempt: there is no socket whose end could be waited for.
    if (client.status === 'reconnecting' && !reconnect) client.status = 'wait';
    disconnect(reconnect);
  };
}
