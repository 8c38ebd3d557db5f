import type { Redis } from 'ioredis';

/**
 * ioredis 6.0.0 that is told to disconnect between two attempts to connect stops trying and never says `end`.
 * BullMQ waits for that word, for ever, before it closes an idle worker. This makes a client, and the duplicates that
 * BullMQ blocks on, say it.
 */
export function sayEnd(client: Redis): Redis {
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => sayEndOnce(duplicate(override));
  return sayEndOnce(client);
}

type Disconnectable = Pick<Redis, 'status' | 'disconnect'>;

function sayEndOnce<Client extends Disconnectable>(client: Client): Client {
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    // As before the first attempt: there is no socket whose end could be waited for.
    if (client.status === 'reconnecting' && !reconnect) client.status = 'wait';
    disconnect(reconnect);
  };
  return client;
}
