import type { Cluster, Redis } from 'ioredis';

/**
 * Makes `node error` tell why a node cannot be reached. ioredis asks a node for its slots on a copy of the connection
 * whose errors it drops, so that all that remains of a refused certificate is "Connection is closed.".
 */
export function tellNodeFaults(cluster: Cluster): void {
  cluster.on('+node', (node: Redis) => {
    const duplicate = node.duplicate.bind(node);
    node.duplicate = (override) => {
      const copy = duplicate(override);
      copy.on('error', (error) => cluster.emit('node error', error));
      return copy;
    };
  });
}
