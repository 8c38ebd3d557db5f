import type { Redis } from 'ioredis';

/** Redis shall not wait for the end of a long turn: so much goes out before. */
const mostHeldBytes = 16 * 1024;

/**
 * Sends the commands of one turn of the event loop in one write, or in few: a system call for each costs more than
 * making the command, and Redis reads them in one turn, too. None waits for an answer, and none for longer than the
 * turn. It is not a pipeline: every command is answered by itself.
 * @param beforeSending may send further commands
 */
export function writeTogether(client: Redis, beforeSending: () => void = () => undefined): Redis {
  const sendCommand = client.sendCommand.bind(client);
  let held: Redis['stream'] | undefined;
  client.sendCommand = (command, via) => {
    if (held === undefined && client.status === 'ready') {
      const { stream } = client;
      held = stream;
      stream.cork();
      setImmediate(() => {
        beforeSending();
        held = undefined;
        stream.uncork();
      });
    }
    const reply = sendCommand(command, via);
    if (held !== undefined && held.writableLength > mostHeldBytes) {
      held.uncork();
      held.cork();
    }
    return reply;
  };
  return client;
}
