import type { Redis } from 'ioredis';

/**
 * Sends the commands of one turn of the event loop in one write: a system call for each costs more than making the
 * command, and Redis reads them in one turn, too. None waits for an answer, and none for longer than the turn.
 * It is not a pipeline: every command is answered by itself.
 */
export function writeTogether(client: Redis): Redis {
  const sendCommand = client.sendCommand.bind(client);
  let isHeld = false;
  client.sendCommand = (command, via) => {
    if (!isHeld && client.status === 'ready') {
      const { stream } = client;
      isHeld = true;
      stream.cork();
      setImmediate(() => {
        isHeld = false;
        stream.uncork();
      });
    }
    return sendCommand(command, via);
  };
  return client;
}
