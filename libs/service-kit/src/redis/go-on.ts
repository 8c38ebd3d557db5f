import type { Redis } from 'ioredis';

const againMs = 500;

/**
 * ioredis 6.0.0 gives up for ever when the Sentinels tell of another master just while it asks them for one: what ends
 * the connection to the former master then ends the attempt, as if it had been told to disconnect. This makes a client,
 * and the duplicates that BullMQ blocks on, go on until they are really told to.
 */
export function goOn(client: Redis): Redis {
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => goOnAlone(duplicate(override));
  return goOnAlone(client);
}

function goOnAlone(client: Redis): Redis {
  let isTold = false;
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    if (!reconnect) isTold = true;
    disconnect(reconnect);
  };
  const quit = client.quit.bind(client);
  client.quit = (...args: []) => {
    isTold = true;
    return quit(...args);
  };
  const again = () => {
    // What fails is told by the connection itself.
    if (!isTold && client.status === 'end') client.connect().catch(() => undefined);
  };
  client.on('end', () => {
    if (!isTold) setTimeout(again, againMs).unref();
  });
  return client;
}
